//! The key around the keys of encrypted records: made in the Secure Enclave, which never lets go of it. It opens
//! nothing while the phone is locked, and goes to no other phone, nor into a backup.

import Foundation
import Sanben
import Security

final class Enclave: Keystore {
  private static let tag = Data("org.sanben.records".utf8)
  private static let sealing = SecKeyAlgorithm.eciesEncryptionCofactorVariableIVX963SHA256AESGCM

  func wrap(plain: Data) throws -> Data {
    let key = try found() ?? made()
    guard let open = SecKeyCopyPublicKey(key),
      let sealed = SecKeyCreateEncryptedData(open, Self.sealing, plain as CFData, nil)
    else { throw KeystoreFailure.Unavailable }
    return sealed as Data
  }

  func open(wrapped: Data) throws -> Data {
    guard let key = try found() else { throw KeystoreFailure.Lost }
    var error: Unmanaged<CFError>?
    if let plain = SecKeyCreateDecryptedData(key, Self.sealing, wrapped as CFData, &error) {
      return plain as Data
    }
    let code = error.map { CFErrorGetCode($0.takeRetainedValue()) }
    // Only what says that it cannot be asked now is worth another try.
    throw code == Int(errSecInteractionNotAllowed) ? KeystoreFailure.Unavailable : KeystoreFailure.Lost
  }

  private func found() throws -> SecKey? {
    let query: [CFString: Any] = [
      kSecClass: kSecClassKey, kSecAttrApplicationTag: Self.tag, kSecReturnRef: true,
      kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
    ]
    var item: CFTypeRef?
    switch SecItemCopyMatching(query as CFDictionary, &item) {
    // What a query for keys found is a key; Swift knows no other cast to it.
    case errSecSuccess: return (item as! SecKey)
    case errSecItemNotFound: return nil
    default: throw KeystoreFailure.Unavailable
    }
  }

  private func made() throws -> SecKey {
    let use = SecAccessControlCreateWithFlags(
      nil, kSecAttrAccessibleWhenUnlockedThisDeviceOnly, .privateKeyUsage, nil)
    guard let use else { throw KeystoreFailure.Unavailable }
    let attributes: [CFString: Any] = [
      kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom, kSecAttrKeySizeInBits: 256,
      kSecAttrTokenID: kSecAttrTokenIDSecureEnclave,
      kSecPrivateKeyAttrs: [
        kSecAttrIsPermanent: true, kSecAttrApplicationTag: Self.tag, kSecAttrAccessControl: use,
      ] as [CFString: Any],
    ]
    guard let key = SecKeyCreateRandomKey(attributes as CFDictionary, nil) else {
      throw KeystoreFailure.Unavailable
    }
    return key
  }
}
