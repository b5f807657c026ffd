//! What holds for any text.

use crate::{
    ast::{MAX_HEIGHT, Query, Statement},
    format,
    highlight::highlight,
    parse, parse_expression, print, search_to_kql,
    token::{TokenKind, slice},
    tokens,
};
use proptest::prelude::*;

/// The tree without its places.
fn shape(statements: &[Statement]) -> String {
    let shown = format!("{statements:?}");
    let mut pieces = shown.split("Span { start: ");
    let mut shape = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        shape.push_str(piece.split_once('}').map_or("", |(_, rest)| rest));
    }
    shape
}

#[test]
fn nesting_is_bounded() {
    let openings = [
        "(",
        "-",
        "f(",
        "a[",
        "dynamic([",
        "dynamic({'a':",
        "not ",
        "!",
        "T | join (",
        "union (",
        "T | union (",
        "f(T | where ",
        "T | mv-apply x on (where ",
        "T | partition by x {",
        "T | fork (where ",
        "T | facet by a with (where ",
        "a in (",
        "a between (",
        "toscalar(print x = ",
        "let f = () { ",
        "let f = (a: (",
        "T | scan with (step s: ",
        "materialize(",
        "(T | where ",
        "print (",
        "datatable(a:long) [",
        "a.f(",
        "T | evaluate f(",
        "[(",
        "a and (",
    ];
    for opening in openings {
        for before in ["", "T | where ", "let x = ", "T | extend "] {
            let text = format!("{before}{}", opening.repeat(1_000));
            // A browser's worker has a stack of 1 MiB; frames that are not optimised are some times larger.
            let stack = if cfg!(debug_assertions) { 2 << 20 } else { 1 << 19 };
            let thread = std::thread::Builder::new().stack_size(stack);
            let ended = thread.spawn(move || {
                let parsed = parse(&text);
                assert!(!parsed.diagnostics.is_empty(), "{opening}");
                assert!(parsed.queries().all(|query: &Query| query.height <= MAX_HEIGHT), "{opening}");
                drop(parsed);
                assert!(parse_expression(&text).0.height <= MAX_HEIGHT, "{opening}");
            });
            ended.unwrap().join().unwrap();
        }
    }
}

#[test]
fn long_texts_are_not_deep() {
    let (tree, diagnostics) = parse_expression(&vec!["a == 1"; 10_000].join(" or "));
    assert_eq!((tree.height, diagnostics.len()), (3, 0));
    let (_, diagnostics) = parse_expression(&vec!["a"; 10_000].join(" + "));
    assert_eq!(diagnostics.first().unwrap().code, "KQL0006");
    let parsed = parse(&format!("T{}", " | where a".repeat(10_000)));
    assert_eq!((parsed.diagnostics.len(), parsed.queries().next().unwrap().height), (0, 2));
    assert_eq!(parse(&" ".repeat(5 << 20)).diagnostics.first().unwrap().code, "KQL0007");
}

#[test]
fn many_mistakes_make_few_messages() {
    let parsed = parse(&"T | wher a = ; ".repeat(5_000));
    assert!((2..=32).contains(&parsed.diagnostics.len()));
}

/// Texts made of pieces of the language, and of anything.
fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(PIECES.to_vec());
    let sensible = prop::collection::vec(prop::sample::select(SENTENCES.to_vec()), 1..6);
    prop_oneof![
        prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.join("")),
        sensible.prop_map(|stages| format!("T | {}", stages.join(" | "))),
        ".{0,60}"
    ]
}

const PIECES: &[&str] = &[
    "T",
    " ",
    " ",
    " ",
    "|",
    " | ",
    "where ",
    "a",
    "==",
    "(",
    ")",
    "[",
    "]",
    "'x'",
    "\"",
    "'",
    "1",
    "1d",
    " and ",
    " or ",
    " in ",
    " between ",
    "..",
    ",",
    "*",
    "-",
    " has ",
    "!has",
    "dynamic(",
    "datetime(",
    "//",
    "\n",
    ";",
    "sort by ",
    "project ",
    "extend ",
    "=",
    "take ",
    "union ",
    "search ",
    "let ",
    ".",
    "{",
    "}",
    ":",
    "\u{e9}",
    "\u{1F600}",
    "\\",
    "@'",
    "h\"",
    "```",
    "~~~",
    " matches regex ",
    "count",
    "top ",
    "in~",
    "!in~",
    "!",
    "$",
    "0x",
    "1e",
    "&&",
    "||",
    "/*",
    "print ",
    "range x from 1 to 2 step ",
    "datatable(",
    "externaldata(",
    "find ",
    "summarize ",
    " by ",
    "join ",
    "kind=",
    "inner",
    " on ",
    "mv-expand ",
    "mv-apply ",
    "parse ",
    " with ",
    "to typeof(long)",
    "make-series ",
    "step ",
    " from ",
    "default=",
    "scan ",
    "declare ",
    "step s: ",
    "=>",
    "evaluate ",
    "render ",
    "fork ",
    "facet by ",
    "partition by ",
    "invoke ",
    "as ",
    "serialize ",
    "reduce by ",
    "top-nested ",
    " of ",
    "set ",
    "view",
    "lookup ",
    "distinct ",
    "project-away ",
    "project-reorder ",
    "granny-asc",
    "not ",
    "f(",
    "hint.x=",
    "isfuzzy=true",
    "withsource=",
    " asc",
    " nulls first",
    "~",
];

const SENTENCES: &[&str] = &[
    "where a == 1 and not(b has 'x')",
    "extend a = b.c[0]['d e'], (x, y) = f(1)",
    "summarize count(), x = dcount(a) by bin(t, 1h), b",
    "join kind=leftouter hint.strategy=shuffle (U | where x in ((V | project y))) on a, $left.b == $right.c",
    "mv-expand with_itemindex=i x = a to typeof(long), b limit 5",
    "mv-apply x = a on (where x > 1 | summarize sum(x))",
    "parse kind=regex flags=U a with * 'x' b: long 'y' *",
    "parse-kv a as (b: long, c: string) with (pair_delimiter=',', greedy=true)",
    "make-series n = count() default=0 on t from ago(1d) to now() step 1h by a",
    "make-series sum(x) on t in range(1, 10, 2)",
    "top-nested 3 of a with others = 'x' by count() desc, top-nested of b by max(c)",
    "top-hitters 5 of a by b",
    "scan with_match_id=m order by t asc partition by u declare (x: long = 0) with (step s1 output=none: a == 1 => x = s1.x + 1; step s2: true)",
    "partition hint.strategy=native by a (top 1 by b)",
    "partition by a { U | where b == toscalar(V | count) }",
    "facet by a, b with (take 5)",
    "fork x=(where a) (count)",
    "evaluate bag_unpack(d, 'p_') : (*, a: long)",
    "evaluate pivot(a)",
    "invoke f(1, x = 2)",
    "render timechart with (title='x', ycolumns=a, b, ymin=-1)",
    "render piechart title='x'",
    "reduce kind=source by a with threshold=0.1",
    "as hint.materialized=true X",
    "serialize",
    "serialize r = row_number()",
    "getschema",
    "count as n",
    "consume decodeblocks=true",
    "union kind=inner withsource=S isfuzzy=true U*, (V | take 1), f(2)",
    "search kind=case_sensitive in (A*) c:'x' or * has 'y'",
    "project-away a*, ['b c']",
    "project-reorder a, b* granny-desc",
    "project-rename x = y",
    "project-by-names column_names_of(a), b",
    "sort by a asc nulls last, b",
    "sample-distinct 3 of a",
    "sample 5",
    "distinct *",
    "lookup (U) on a",
    "take -5",
    "where t between (ago(1d) .. -1h)",
    "where a =~ 'x' and b !in~ ('a', 'b') or c matches regex @'\\d+'",
    "where (a or b) and (c == d) == true",
    "extend x = -(-a) * (b - (c - d)) / 2.50",
    "extend x = dynamic({'a': [1, 0x1f, 2., null, datetime(2020)]}), y = guid(70fc66f7-8279-44fc-9092-d364d70fce44), z = decimal(1.50)",
    "extend x = real(-inf), y = long(-9), z = timespan(-1.02:03:04.5), w = 90m, v = datetime(null), u = int(5), s = 'a' \"b\"",
    "extend ['by'] = ['count'] + ['a b'], x = (5).a, y = a[('b')], z = a[b.c - 1]",
    "extend f(*), toscalar(print x = 1)",
];

fn is_place(text: &str, span: chartroom_base::diagnostic::Span) -> bool {
    let start = usize::try_from(span.start).unwrap_or(usize::MAX);
    text.get(start..usize::try_from(span.end).unwrap_or(usize::MAX)).is_some()
}

proptest! {
    #[test]
    fn tokens_and_colours_give_the_text_back(text in any_text()) {
        let joined: String = tokens(&text).iter().map(|token| slice(&text, token.span)).collect();
        prop_assert_eq!(&joined, &text);
        let coloured: String = highlight(&text).iter().map(|(span, _)| slice(&text, *span)).collect();
        prop_assert_eq!(&coloured, &text);
    }

    #[test]
    fn any_text_has_a_tree_with_places_in_the_text(text in any_text()) {
        let parsed = parse(&text);
        prop_assert!(parsed.statements.iter().all(|statement| is_place(&text, statement.span)));
        let mut operators = parsed.queries().flat_map(|query| &query.operators);
        prop_assert!(operators.all(|operator| is_place(&text, operator.span) && is_place(&text, operator.keyword)));
        prop_assert!(parsed.diagnostics.iter().all(|diagnostic| is_place(&text, diagnostic.span)));
        prop_assert!(parsed.diagnostics.len() <= 32);
        prop_assert!(parsed.queries().any(|query| query.source.is_some()) || !parsed.diagnostics.is_empty());
    }

    #[test]
    fn what_is_printed_reads_as_the_same_tree(text in any_text()) {
        let parsed = parse(&text);
        if parsed.diagnostics.is_empty() {
            let printed = print(&parsed.statements);
            let again = parse(&printed);
            prop_assert_eq!(&again.diagnostics, &vec![], "{} became {}", text, printed);
            prop_assert_eq!(shape(&again.statements), shape(&parsed.statements), "{} became {}", text, printed);
        }
    }

    #[test]
    fn laying_out_keeps_every_word(text in any_text()) {
        let words = |text: &str| -> Vec<String> {
            let kept = tokens(text).into_iter().filter(|token| token.kind != TokenKind::Blank);
            kept.map(|token| slice(text, token.span).trim_end().to_owned()).collect()
        };
        prop_assert_eq!(words(&format(&text)), words(&text));
        let parsed = parse(&text);
        if parsed.diagnostics.is_empty() {
            prop_assert_eq!(shape(&parse(&format(&text)).statements), shape(&parsed.statements), "{}", format(&text));
        }
    }

    #[test]
    fn any_search_is_kql(text in any_text()) {
        let (kql, _) = search_to_kql(&text, "Events");
        prop_assert_eq!(parse(&kql).diagnostics, vec![], "{}", kql);
    }
}

#[test]
fn sentences_are_read_without_a_message() {
    for sentence in SENTENCES {
        let text = format!("T | {sentence}");
        let parsed = parse(&text);
        assert_eq!(parsed.diagnostics, [], "{text}");
        let printed = print(&parsed.statements);
        assert_eq!(shape(&parse(&printed).statements), shape(&parsed.statements), "{text} became {printed}");
    }
}
