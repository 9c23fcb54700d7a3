//! Reference data: rows as they arrived, and the whole of it in memory.

use crate::error::StoreError;
use crate::store::Store;
use sanben_domain::reference::Reference;
use std::sync::Arc;

impl Store {
    /// All reference data, built once and kept until an update arrives.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reference(&self) -> Result<Arc<Reference>, StoreError> {
        unimplemented!()
    }
}
