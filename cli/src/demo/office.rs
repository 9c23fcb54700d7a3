//! One real server behind a real socket, with the clock of the play.

use super::clock::PlayClock;
use super::stage::Failure;
use crate::command;
use sanben_domain::id::PersonId;
use sanben_domain::reference::Reference;
use sanben_server::Server;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The server of one tenant.
pub(super) struct Office {
    /// Its folder.
    pub(super) dir: PathBuf,
    pub(super) server: Arc<Server>,
    pub(super) address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Office {
    /// Starts the server in `dir` on a free port of loopback.
    pub(super) fn open(dir: &Path, clock: &PlayClock) -> Result<Self, Failure> {
        let time = clock.clone();
        let server = Server::open(dir, Arc::new(move || time.now()), command::system_random())
            .map_err(|error| Failure(error.to_string()))?;
        let server = Arc::new(server);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (bound, address) = std::sync::mpsc::channel();
        let serving = Arc::clone(&server);
        let thread = std::thread::Builder::new().name("server".to_owned()).spawn(move || {
            let Ok(runtime) =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
            else {
                return;
            };
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await else { return };
                let _ = bound.send(listener.local_addr());
                let shutdown = async { drop(stopped.await) };
                if let Err(error) = sanben_server::serve(serving, listener, shutdown).await {
                    tracing::error!(%error, "the server of the demo stopped");
                }
            });
        })?;
        let address = address.recv().map_err(|_| Failure("the server did not start".to_owned()))??;
        Ok(Self { dir: dir.to_owned(), server, address, stop: Some(stop), thread: Some(thread) })
    }

    /// The server's address.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The reference data, as the server knows it.
    pub(super) fn reference(&self) -> Result<Arc<Reference>, Failure> {
        self.server.reference().map_err(|error| Failure(error.to_string()))
    }

    /// A person's name, as the server knows it.
    pub(super) fn name(&self, person: &str) -> Result<String, Failure> {
        let known = self.reference()?.people.get(&PersonId::from(person)).map(|person| person.name.clone());
        known.ok_or_else(|| Failure(format!("nobody is {person}")))
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
