//! A PostgreSQL of our own: on a Unix socket in a new folder, stopped and removed with its owner, however
//! that one ends. It waits for its disk as one in earnest does.

use postgres::{Client, NoTls};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex};

/// Lives until its standard input ends, which it does when the tests do, even if they are killed.
const KEEPER: &str = r#"
set -eu
bin=$1
dir=$(mktemp -d "${TMPDIR:-/tmp}/sanben-pg.XXXXXX")
cd "$dir"
ctl() { "$bin/pg_ctl" --pgdata "$dir/data" --silent --wait "$@" >>"$dir/ctl.log" 2>&1; }
trap 'ctl stop --mode immediate || true; cd /; rm -rf "$dir"' EXIT
start() { ctl start --log "$dir/server.log" || { cat "$dir/ctl.log" "$dir/server.log" >&2; exit 1; }; echo "$dir"; }
"$bin/initdb" --pgdata "$dir/data" --username sanben --auth trust --encoding UTF8 --locale C --no-sync >"$dir/initdb.log" 2>&1 ||
  { cat "$dir/initdb.log" >&2; exit 1; }
cat >>"$dir/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$dir'
max_connections = 200
shared_buffers = 32MB
END
start
while read -r order; do
  case $order in
    stop) ctl stop --mode immediate; echo stopped ;;
    start) start ;;
    secure) cat "$dir/secure.conf" >>"$dir/data/postgresql.conf"; chmod 600 "$dir/tls.key"; ctl stop --mode fast; start ;;
    standby) ctl stop --mode fast; touch "$dir/data/standby.signal"; start ;;
  esac
done
"#;

pub(crate) struct Cluster {
    keeper: Child,
    orders: Option<ChildStdin>,
    answers: Mutex<BufReader<ChildStdout>>,
    dir: String,
}

/// The one that tests share; each has a schema in it.
pub(crate) fn shared() -> &'static Cluster {
    static SHARED: LazyLock<Cluster> = LazyLock::new(Cluster::start);
    &SHARED
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let bin = programs();
        // PostgreSQL refuses to run as root.
        let root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
        let mut command = if root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "bash"]);
            command
        } else {
            Command::new("bash")
        };
        let mut keeper = command
            .args(["-c", KEEPER, "keeper"])
            .arg(bin)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What stops the tests by the keyboard must not stop it: it has to clear up.
            .process_group(0)
            .spawn()
            .expect("bash, and setpriv for root");
        let orders = keeper.stdin.take();
        let answers = Mutex::new(BufReader::new(keeper.stdout.take().unwrap()));
        let mut cluster = Self { keeper, orders, answers, dir: String::new() };
        cluster.dir = cluster.answer();
        cluster
    }

    fn answer(&self) -> String {
        let mut line = String::new();
        self.answers.lock().unwrap().read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "PostgreSQL did not start; its own words are above");
        line.trim().to_owned()
    }

    fn order(&mut self, order: &str) {
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        self.answer();
    }

    /// As a power cut does.
    pub(crate) fn stop(&mut self) {
        self.order("stop");
    }

    pub(crate) fn start_again(&mut self) {
        self.order("start");
    }

    /// From now on it listens on a port of this machine too, and encrypts there.
    pub(crate) fn listen(&mut self, port: u16, certificate: &str, key: &str) {
        let dir = Path::new(&self.dir);
        let told = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nssl = on\n\
             ssl_cert_file = '{dir}/tls.crt'\nssl_key_file = '{dir}/tls.key'\n",
            dir = self.dir
        );
        for (name, text) in [("tls.crt", certificate), ("tls.key", key), ("secure.conf", &told)] {
            let owner = std::fs::metadata(dir).unwrap();
            let file = dir.join(name);
            std::fs::write(&file, text).unwrap();
            std::os::unix::fs::chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        self.order("secure");
    }

    /// From now on it only follows another database, one that never says anything.
    pub(crate) fn turn_into_standby(&mut self) {
        self.order("standby");
    }

    /// A schema as an address, for which its name serves as the program's name too.
    pub(crate) fn url(&self, schema: &str) -> String {
        let place = format!("host={}&options=-csearch_path%3D{schema}&application_name={schema}", self.dir);
        format!("postgresql://sanben@/postgres?{place}")
    }

    pub(crate) fn client(&self) -> Client {
        self.client_at(5432)
    }

    pub(crate) fn client_at(&self, port: u16) -> Client {
        Client::connect(&format!("{}&port={port}", self.url("public")), NoTls).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.keeper.wait();
    }
}

/// The newest PostgreSQL as Debian installs it, or the one in the path.
fn programs() -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = installed.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let (mut found, path): (Vec<PathBuf>, Vec<PathBuf>) =
        (debian.collect(), std::env::split_paths(&path).collect());
    found.sort_by_key(|bin| {
        let version =
            bin.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok());
        std::cmp::Reverse(version)
    });
    let bin = found.into_iter().chain(path).find(|bin| bin.join("initdb").exists());
    bin.expect("PostgreSQL is needed for these tests: on Debian, apt-get install postgresql")
}
