package sanben.app

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties.BLOCK_MODE_GCM
import android.security.keystore.KeyProperties.ENCRYPTION_PADDING_NONE
import android.security.keystore.KeyProperties.KEY_ALGORITHM_AES
import android.security.keystore.KeyProperties.PURPOSE_DECRYPT
import android.security.keystore.KeyProperties.PURPOSE_ENCRYPT
import sanben.Keystore
import sanben.KeystoreFailure
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.ProviderException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Android's keystore: AES-GCM with a key that never leaves the phone's hardware. The phone's own lock is not asked for:
 * whoever set none can work all the same, and the PIN stands before the records.
 */
class PhoneKeystore : Keystore {
    override fun wrap(plain: ByteArray): ByteArray =
        asking {
            val cipher = Cipher.getInstance(MODE)
            cipher.init(Cipher.ENCRYPT_MODE, key() ?: made())
            cipher.iv + cipher.doFinal(plain)
        }

    override fun open(wrapped: ByteArray): ByteArray =
        asking {
            if (wrapped.size < NONCE) throw KeystoreFailure.Lost()
            val cipher = Cipher.getInstance(MODE)
            val key = key() ?: throw KeystoreFailure.Lost()
            cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, wrapped, 0, NONCE))
            cipher.doFinal(wrapped, NONCE, wrapped.size - NONCE)
        }

    private fun key(): SecretKey? =
        KeyStore.getInstance(STORE).run {
            load(null)
            getKey(ALIAS, null) as SecretKey?
        }

    private fun made(): SecretKey {
        val use =
            KeyGenParameterSpec
                .Builder(ALIAS, PURPOSE_ENCRYPT or PURPOSE_DECRYPT)
                .setBlockModes(BLOCK_MODE_GCM)
                .setEncryptionPaddings(ENCRYPTION_PADDING_NONE)
                .setKeySize(KEY_BITS)
                .build()
        return KeyGenerator.getInstance(KEY_ALGORITHM_AES, STORE).apply { init(use) }.generateKey()
    }

    /** What the key did not seal, or a key that is gone, is lost; hardware that is busy may answer later. */
    private fun <T> asking(work: () -> T): T =
        try {
            work()
        } catch (_: AEADBadTagException) {
            throw KeystoreFailure.Lost()
        } catch (_: KeyPermanentlyInvalidatedException) {
            throw KeystoreFailure.Lost()
        } catch (_: GeneralSecurityException) {
            throw KeystoreFailure.Unavailable()
        } catch (_: ProviderException) {
            throw KeystoreFailure.Unavailable()
        }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val ALIAS = "sanben.store"
        const val MODE = "AES/GCM/NoPadding"
        const val NONCE = 12
        const val TAG_BITS = 128
        const val KEY_BITS = 256
    }
}
