//! A small load of made records before a person's first one, in the time while they look for their files.
//!
//! A browser compiles a function of wasm when it is called first, and well only after it has run for a while: the first load of a
//! page pays for that. The compiled code belongs to the module, so one worker's trial serves all. Figures:
//! `docs/performance.md`.
//!
//! **Invariant:** it is a world of its own. Nothing of it is seen, and it ends at once, wherever it is, by being dropped.

use crate::{Coordinator, Output, Shard};
use chartroom_base::ticks::Ticks;
use chartroom_protocol::{
    DropNo, Envelope, FileNo, Reply, Request, RequestId, ToPage, VERSION,
    request::FileInfo,
    result::ResultInfo,
    start::{Role, Start},
};
use std::fmt::Write as _;

/// Records read: fewer leave the hot loops as they are at first, more gain nothing.
const RECORDS: u32 = 1_500;
/// What a page asks for first.
const VIEW: &str = "Events";
/// A search, as the search box writes it.
const SEARCH: &str = "Events | where * has \"nurse7\"";
/// What a screen shows.
const PAGE: u32 = 60;
/// Far more memory than it takes.
const BUDGET: u64 = 1 << 30;

/// A trial load under way.
pub struct WarmUp {
    coordinator: Coordinator,
    shard: Shard,
    text: Vec<u8>,
    /// What is asked when the answers before have come.
    asks: Vec<Ask>,
    requests: u32,
    /// Answers that are to come.
    open: u32,
    rows: u64,
    is_over: bool,
}

enum Ask {
    Query(&'static str),
    Rows(ResultInfo),
    Timeline(ResultInfo),
}

impl WarmUp {
    /// A trial load of which nothing is done yet.
    #[must_use]
    pub fn new() -> Self {
        let start =
            Start { role: Role::Coordinator, version: VERSION, budget: BUDGET, shards: 1, fault: None };
        let coordinator = Coordinator::new(&start);
        let shard = Shard::new(&Start { role: Role::Shard { index: 0 }, ..start });
        let mut warm_up = Self {
            coordinator,
            shard,
            text: records(),
            asks: vec![Ask::Query(SEARCH), Ask::Query(VIEW)],
            requests: 0,
            open: 0,
            rows: 0,
            is_over: false,
        };
        warm_up.ask(Request::Query { text: VIEW.to_owned(), now: Ticks(0) });
        let size = warm_up.text.len() as u64;
        let file = FileInfo { file: FileNo(0), path: "trial.jsonl".to_owned(), size, modified: 0 };
        warm_up.ask(Request::Files { drop: DropNo(0), files: vec![file] });
        warm_up.ask(Request::DropComplete { drop: DropNo(0), unreadable: Vec::new() });
        warm_up
    }

    /// Goes on for some milliseconds; whether there is more to do.
    pub fn step(&mut self, clock: &dyn Fn() -> f64) -> bool {
        if self.is_over {
            return false;
        }
        let is_busy = self.coordinator.step(clock) | self.pass_on(clock());
        let is_busy = is_busy | self.shard.step(clock) | self.pass_on(clock());
        if !is_busy && self.open == 0 && self.coordinator.is_idle() {
            match self.asks.pop() {
                Some(Ask::Query(text)) => self.ask(Request::Query { text: text.to_owned(), now: Ticks(0) }),
                Some(Ask::Rows(info)) => {
                    self.ask(Request::Rows { result: info.result, start: 0, count: PAGE });
                }
                Some(Ask::Timeline(info)) => {
                    self.ask(Request::Timeline { result: info.result, buckets: PAGE });
                }
                None => self.is_over = true,
            }
        }
        !self.is_over
    }

    /// Rows that its questions were answered with.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    fn ask(&mut self, request: Request) {
        self.requests += 1;
        self.open += 1;
        self.coordinator.receive_page(Envelope { id: RequestId(self.requests), request }, 0.0);
    }

    /// Carries messages to and fro; whether there were any.
    fn pass_on(&mut self, now_ms: f64) -> bool {
        let mut outputs = self.coordinator.take_outputs();
        outputs.extend(self.shard.take_outputs());
        let were_any = !outputs.is_empty();
        for output in outputs {
            match output {
                Output::ToShard { message, .. } | Output::ToPeer { message, .. } => {
                    self.shard.receive(message);
                }
                Output::ToCoordinator { message, .. } => {
                    self.coordinator.receive_shard(0, message, now_ms);
                }
                Output::Want { token, range, .. } => {
                    let at = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX);
                    let bytes = self.text.get(at(range.start)..at(range.end)).unwrap_or_default();
                    self.shard.deliver(token, Ok(bytes.to_vec()));
                }
                Output::ToPage(ToPage::Reply { reply, .. }) => self.hear(reply),
                Output::ToPage(ToPage::Event { .. }) | Output::Keep { .. } | Output::Release { .. } => {}
            }
        }
        were_any
    }

    fn hear(&mut self, reply: Reply) {
        match reply {
            Reply::Progress { .. } => return,
            Reply::Result { info } => {
                self.asks.push(Ask::Timeline(info.clone()));
                self.asks.push(Ask::Rows(info));
            }
            Reply::Rows { rows, .. } => self.rows += rows.len() as u64,
            _ => {}
        }
        self.open = self.open.saturating_sub(1);
    }
}

impl Default for WarmUp {
    fn default() -> Self {
        Self::new()
    }
}

/// Records in the form that most loads have: CloudTrail, one a line.
fn records() -> Vec<u8> {
    let mut text = String::new();
    for number in 0..RECORDS {
        let (user, minute, second) = (number % 40, number / 60 % 60, number % 60);
        let written = write!(
            text,
            concat!(
                r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLE:nurse{user}","#,
                r#""arn":"arn:aws:sts::012345678901:assumed-role/Ward/nurse{user}","accountId":"012345678901","#,
                r#""sessionContext":{{"sessionIssuer":{{"type":"Role","userName":"Ward"}},"attributes":{{"mfaAuthenticated":"false"}}}}}},"#,
                r#""eventTime":"2026-01-01T00:{minute:02}:{second:02}Z","eventSource":"healthlake.amazonaws.com","#,
                r#""eventName":"ReadResource","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.{user}","#,
                r#""userAgent":"aws-cli/2","requestParameters":{{"resourceType":"Patient","id":"p{number}"}},"responseElements":null,"#,
                r#""requestID":"{number:032x}","eventID":"{number:08x}-0000-4000-8000-{number:012x}","readOnly":true,"#,
                r#""eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"012345678901","eventCategory":"Data"}}"#,
                "\n",
            ),
            user = user,
            minute = minute,
            second = second,
            number = number,
        );
        debug_assert!(written.is_ok(), "a text takes all");
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn reads_shows_and_searches() {
        let mut warm_up = WarmUp::new();
        let now = Cell::new(0.0);
        let clock = || now.replace(now.get() + 1.0);
        let mut steps = 0;
        while warm_up.step(&clock) {
            steps += 1;
            assert!(steps < 10_000, "it comes to an end");
        }
        // The view while it loads (its rows come with the next question), the view and what the search finds.
        assert!(warm_up.rows() >= u64::from(PAGE + RECORDS / 40), "{}", warm_up.rows());
        assert!(!warm_up.step(&clock), "it is done once");
    }
}
