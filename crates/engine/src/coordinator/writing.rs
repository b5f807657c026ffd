//! Rows written as parts of a file: asked for like any page of rows, and written on their way out.

use super::{
    Coordinator,
    asks::{Pending, failed},
};
use crate::rows::RowWriter;
use chartroom_protocol::{Reply, RequestId, ResultId, request::RowFormat};

/// How the rows of a request are to be written.
#[derive(Debug)]
pub(crate) struct Writing {
    writer: RowWriter,
    /// Whether it is the first part.
    has_head: bool,
}

impl Coordinator {
    /// A page of rows, stored or made.
    pub(crate) fn take_rows(&mut self, id: RequestId, result: ResultId, start: u64, count: u32) {
        if self.is_made(result) {
            let reply = self.made_rows(result, start, count);
            self.reply(id, reply.unwrap_or_else(|| failed("this result is gone")));
        } else {
            self.start_pending(id, Pending::Rows { result, start, count });
        }
    }

    /// The rows of a request are to be written; one that is not known any more is answered as any page of it is.
    pub(crate) fn write_rows(&mut self, id: RequestId, result: ResultId, has_head: bool, format: RowFormat) {
        let plan = self
            .result(result)
            .map(|result| &result.plan)
            .or_else(|| self.made.iter().find_map(|made| made.plan_of(result)));
        if let Some(plan) = plan {
            let columns = plan.columns.iter().map(|column| (column.name.as_str(), column.kind.name()));
            let writer = RowWriter::new(format, columns);
            self.writing.insert(id, Writing { writer, has_head });
        }
    }

    /// Whether the rows of a request are to be written.
    pub(crate) fn is_writing(&self, id: RequestId) -> bool {
        self.writing.contains_key(&id)
    }

    /// A reply on its way out: rows that are to be written are.
    pub(crate) fn written(&mut self, id: RequestId, reply: Reply) -> Reply {
        match (self.writing.remove(&id), reply) {
            (Some(Writing { writer, has_head }), Reply::Rows { generation, rows, .. }) => {
                let mut bytes = Vec::new();
                if has_head {
                    writer.head(&mut bytes);
                }
                writer.rows(rows.iter().map(|row| row.cells.as_slice()), &mut bytes);
                Reply::Written { generation, rows: u32::try_from(rows.len()).unwrap_or(u32::MAX), bytes }
            }
            (_, reply) => reply,
        }
    }
}
