//! One job over one line to a printer.
//!
//! In: an address, labels. Out: what became of them, as far as the printer says. Must not: say that nothing was printed when the end of a
//! label was on its way: that alone prints it.

use core::net::SocketAddr;
use core::time::Duration;

use domain::label::zpl::END;
use domain::sync::printing::Trouble;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::status::{self, Status};

/// Bytes of an answer at most.
const ANSWER_BYTES_MAX: usize = 4_096;

/// How long to wait for a printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a line.
    pub connect: Duration,
    /// For the answer to a question. Two seconds of silence mean paper, ribbon or cover.
    pub answer: Duration,
    /// For a label to be taken.
    pub take: Duration,
    /// For a label to come out of a queue that is at work on it, until somebody is asked to look.
    pub label: Duration,
    /// Between two questions.
    pub between: Duration,
    /// For all labels to come out, somebody bringing paper included.
    pub print: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            answer: Duration::from_secs(2),
            take: Duration::from_secs(20),
            label: Duration::from_secs(15),
            between: Duration::from_millis(250),
            print: Duration::from_secs(30 * 60),
        }
    }
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// The printer says that nothing is left to print.
    Out,
    /// Nothing of it was printed, and this is why. It may be tried again.
    Nothing(Trouble),
    /// Nobody can say.
    Unproven(Option<Trouble>),
}

/// Gives labels to a printer and waits until they are out. `stuck` is told when the printer has them and lacks something.
pub async fn print(
    address: SocketAddr,
    labels: &[String],
    patience: Patience,
    mut stuck: impl FnMut(Trouble),
) -> Came {
    let connected = timeout(patience.connect, TcpStream::connect(address)).await;
    let Ok(Ok(mut line)) = connected else {
        return Came::Nothing(Trouble::Unreached);
    };
    match ask(&mut line, patience).await {
        None => return Came::Nothing(Trouble::Silent),
        Some(Status {
            trouble: Some(trouble),
            ..
        }) => return Came::Nothing(trouble),
        // Labels of somebody else: theirs and ours could not be told apart.
        Some(Status { pending: 1.., .. }) => return Came::Nothing(Trouble::Busy),
        Some(_) => {}
    }
    for (index, label) in labels.iter().enumerate() {
        let body = label.strip_suffix(END).unwrap_or(label);
        if !give(&mut line, body, patience).await {
            return match index {
                0 => Came::Nothing(Trouble::Unreached),
                _ => Came::Unproven(Some(Trouble::Unreached)),
            };
        }
        if !give(&mut line, END, patience).await {
            return Came::Unproven(Some(Trouble::Unreached));
        }
    }
    let begun = Instant::now();
    let mut told = None;
    loop {
        match ask(&mut line, patience).await {
            None => return Came::Unproven(told.or(Some(Trouble::Silent))),
            Some(Status {
                trouble: None,
                pending: 0,
            }) => return Came::Out,
            Some(status) => {
                if let Some(trouble) = status.trouble.filter(|trouble| told != Some(*trouble)) {
                    told = Some(trouble);
                    stuck(trouble);
                }
            }
        }
        if begun.elapsed() > patience.print {
            return Came::Unproven(told);
        }
        sleep(patience.between).await;
    }
}

/// What a printer says of itself now.
///
/// # Errors
/// Why nothing can be said.
pub async fn look(address: SocketAddr, patience: Patience) -> Result<Status, Trouble> {
    let connected = timeout(patience.connect, TcpStream::connect(address)).await;
    let mut line = connected
        .ok()
        .and_then(Result::ok)
        .ok_or(Trouble::Unreached)?;
    ask(&mut line, patience).await.ok_or(Trouble::Silent)
}

async fn give(line: &mut TcpStream, text: &str, patience: Patience) -> bool {
    let given = async {
        line.write_all(text.as_bytes()).await?;
        line.flush().await
    };
    matches!(timeout(patience.take, given).await, Ok(Ok(())))
}

/// Asks once. `None`: no whole answer in time.
async fn ask(line: &mut TcpStream, patience: Patience) -> Option<Status> {
    let answered = async {
        line.write_all(status::ASK).await.ok()?;
        let mut bytes = Vec::new();
        loop {
            if let Some(status) = status::parse(&bytes) {
                return Some(status);
            }
            let read = line.read_buf(&mut bytes).await.ok()?;
            if read == 0 || bytes.len() > ANSWER_BYTES_MAX {
                return None;
            }
        }
    };
    timeout(patience.answer, answered).await.ok().flatten()
}
