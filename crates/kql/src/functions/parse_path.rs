//! `parse_path(path)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{ObjectWriter, push_string};

pub(super) const FUNCTION: Function = Function {
    name: "parse_path",
    about: "The parts of a file's path, as texts.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"parse_path(@"C:\temp\file.txt")"#, r#"{"Scheme":"","RootPath":"C:","DirectoryPath":"C:\\temp","DirectoryName":"temp","Filename":"file.txt","Extension":"txt","AlternateDataStreamName":""}"#), (r#"parse_path("/usr/lib/temp/file.tar.gz").Extension"#, r#""gz""#), (r#"parse_path("file://C:/temp/file.txt:some.exe").AlternateDataStreamName"#, r#""some.exe""#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (scheme, path) = call.text(0).split_once("://").unwrap_or(("", call.text(0)));
    let is_sign = |c: char| matches!(c, '/' | '\\');
    let (directory, file) = path.rfind(is_sign).map_or(("", path), |at| {
        (path.get(..at).unwrap_or_default(), path.get(at + 1..).unwrap_or_default())
    });
    let mut letters = path.chars();
    let has_root = letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':');
    let root = if has_root { path.get(..2).unwrap_or_default() } else { "" };
    let (file, stream) = file.split_once(':').filter(|_| !directory.is_empty()).unwrap_or((file, ""));
    let name = directory.rfind(is_sign).map_or(directory, |at| directory.get(at + 1..).unwrap_or_default());
    let name = if name == root { "" } else { name };
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    let mut out = ObjectWriter::default();
    for (key, part) in [
        ("Scheme", scheme),
        ("RootPath", root),
        ("DirectoryPath", directory),
        ("DirectoryName", name),
        ("Filename", file),
        ("Extension", extension),
        ("AlternateDataStreamName", stream),
    ] {
        let mut quoted = String::new();
        push_string(&mut quoted, part);
        out.value(key, &quoted);
    }
    Value::owned(out.finish())
}
