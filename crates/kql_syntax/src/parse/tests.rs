//! Expressions and pipes as text, and how mistakes are told.

use crate::{
    ast::{Expr, ExprKind, OperatorKind, SourceKind, UnionLeg},
    parse, parse_expression,
    token::slice,
};

/// The tree in brackets.
fn show(expression: &Expr) -> String {
    let list = |items: &[Expr]| items.iter().map(show).collect::<Vec<_>>().join(" ");
    match &expression.kind {
        ExprKind::Literal(literal) => format!("{literal:?}").replace("Some", ""),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Star => "*".to_owned(),
        ExprKind::Path { base, name } => format!("{}.{}", show(base), name.text),
        ExprKind::Element { base, index } => format!("{}[{}]", show(base), show(index)),
        ExprKind::Call { name, arguments } => format!("{}({})", name.text, list(arguments)),
        ExprKind::Unary { operator, operand } => format!("({operator:?} {})", show(operand)),
        ExprKind::Binary { operator, left, right, .. } => {
            format!("({} {} {})", show(left), operator.sign(), show(right))
        }
        ExprKind::And(operands) => format!("(and {})", list(operands)),
        ExprKind::Or(operands) => format!("(or {})", list(operands)),
        ExprKind::In { operator, left, list: items, .. } => {
            format!("({} {} [{}])", show(left), operator.sign(), list(items))
        }
        ExprKind::Between { is_negated, value, low, high, .. } => {
            format!(
                "({}{} between {} {})",
                if *is_negated { "!" } else { "" },
                show(value),
                show(low),
                show(high)
            )
        }
        ExprKind::Method { base, name, arguments } => {
            format!("{}.{}({})", show(base), name.text, list(arguments))
        }
        ExprKind::Argument { name, value } => format!("{}={}", name.text, show(value)),
        ExprKind::Query(_) => "QUERY".to_owned(),
        ExprKind::Names(names) => format!("{} names", names.len()),
        ExprKind::Error => "ERROR".to_owned(),
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let (tree, diagnostics) = parse_expression(text);
    assert_eq!((show(&tree).as_str(), diagnostics.as_slice()), (expected, &[][..]), "{text}");
}

#[test]
fn operators_bind_as_kusto_binds_them() {
    check("a or b and c == d", "(or a (and b (c == d)))");
    check("a + b * c - d", "((a + (b * c)) - d)");
    check("a == b + c =~ d", "(a == (b + (c =~ d)))");
    check("a < b == c", "((a < b) == c)");
    check("-a.b + 1", "((Minus a.b) + Long((1)))");
    check("x has 'a' and not(y) or z", "(or (and (x has String(\"a\")) not(y)) z)");
    check("x !in~ ('a', 1)", "(x !in~ [String(\"a\") Long((1))])");
    check("t between (a + 1 .. b)", "(t between (a + Long((1))) b)");
    check("* matches regex @'\\d'", "(* matches regex String(\"\\\\d\"))");
    check("a <> b", "(a != b)");
    check("(a or b) and (c)", "(and (or a b) c)");
}

#[test]
fn names_paths_and_literals() {
    check("a.b['c d'][0][-1].e", "a.b.c d[Long((0))][(Minus Long((1)))].e");
    check("['my col'] == \"x\" 'y'", "(my col == String(\"xy\"))");
    check("count > 1h", "(count > TimeSpan((36000000000)))");
    check("datetime(2021-08-02)", "Literal".replace("Literal", "DateTime(At(637634592000000000))").as_str());
    check(
        "dynamic({'a': [1, -2.5, null, 1h], \"b\": datetime(2020)})",
        "Dynamic((\"{\\\"a\\\":[1,-2.5,null,36000000000],\\\"b\\\":\\\"2020-01-01T00:00:00.0000000Z\\\"}\"))",
    );
    check("f(a, g(), true)", "f(a g() Bool((true)))");
    check("long(null)", "Long(None)");
    check("guid(70FC66F7-8279-44FC-9092-D364D70FCE44)", "Guid((\"70fc66f7-8279-44fc-9092-d364d70fce44\"))");
}

#[track_caller]
fn check_query(text: &str, expected: &str) {
    let parsed = parse(text);
    let query = parsed.queries().next();
    let source = query.and_then(|query| query.source.as_ref()).map(|source| match &source.kind {
        SourceKind::Table(name) => name.text.clone(),
        SourceKind::Union(union) => {
            let names: Vec<&str> = union
                .legs
                .iter()
                .map(|leg| match leg {
                    UnionLeg::Tables(name) => name.text.as_str(),
                    UnionLeg::Query(_) => "()",
                })
                .collect();
            format!("union{} {}", if union.is_fuzzy { "?" } else { "" }, names.join("+"))
        }
        SourceKind::Search(search) => format!("search {} {}", search.tables.len(), show(&search.predicate)),
        other => format!("{other:?}"),
    });
    let operators =
        query.into_iter().flat_map(|query| &query.operators).map(|operator| match &operator.kind {
            OperatorKind::Where(predicate) => format!("where {}", show(predicate)),
            OperatorKind::Take(count) => format!("take {}", show(count)),
            OperatorKind::Sort(keys) => {
                let keys: Vec<String> = keys
                    .iter()
                    .map(|key| {
                        format!(
                            "{}{}{}",
                            show(&key.key.value),
                            if key.is_ascending { "+" } else { "-" },
                            if key.nulls_first { "n" } else { "" }
                        )
                    })
                    .collect();
                format!("sort {}", keys.join(","))
            }
            OperatorKind::Top { count, by } => format!("top {} {}", show(count), show(&by.key.value)),
            OperatorKind::Project(items) => format!("project {}", items.len()),
            OperatorKind::Extend(items) => format!(
                "extend {}",
                items
                    .iter()
                    .map(|item| item.name.as_ref().map_or("_", |name| name.text.as_str()))
                    .collect::<Vec<_>>()
                    .join(",")
            ),
            OperatorKind::Count(None) => "Count".to_owned(),
            OperatorKind::Other(name) => format!("other {}", name.text),
            OperatorKind::Error => "Error".to_owned(),
            other => other.word().to_owned(),
        });
    let codes = parsed
        .diagnostics
        .iter()
        .map(|diagnostic| format!("{}@{}", diagnostic.code, slice(text, diagnostic.span)));
    let parts: Vec<String> = source.into_iter().chain(operators).chain(codes).collect();
    assert_eq!(parts.join(" | "), expected, "{text}");
}

#[test]
fn pipes() {
    check_query("T // c\n| where a == 1 | limit 5;", "T | where (a == Long((1))) | take Long((5))");
    check_query("T | order by a, b asc nulls last, c nulls first | count", "T | sort a-,b+,c-n | Count");
    check_query(
        "T | top 5 by a | extend x = 1, 2 | project a, b",
        "T | top Long((5)) a | extend x,_ | project 2",
    );
    check_query("union isfuzzy=true A*, ['b c'], * | count", "union? A*+b c+* | Count");
    check_query("(T | where a) | count", "T | where a | Count");
    check_query("search 'x' | take 1", "search 0 String(\"x\") | take Long((1))");
    check_query("search in (A, B) 'x' and y == 1", "search 2 (and String(\"x\") (y == Long((1))))");
}

#[test]
fn mistakes_are_told_where_they_are_and_the_rest_is_read() {
    check_query("T | make-graph a --> b | count", "T | other make-graph | Count | KQL0020@make-graph");
    check_query("T | wher a | take", "T | Error | take ERROR | KQL0012@wher | KQL0005@");
    check_query("T | where (a == | count", "T | where (a == ERROR) | Count | KQL0005@|");
    check_query("T | where a == 'x | count", "T | where (a == String(\"x | count\")) | KQL0002@'x | count");
    check_query("T | where a == b == c", "T | where ((a == b) == c) | KQL0008@==");
    check_query("T where a", "T | where a | KQL0013@where");
    check_query("T\nwhere a\ncount", "T | where a | Count | KQL0013@where | KQL0013@count");
    check_query("let f = (a:int) { a + 1 } T | count", "T | Count | KQL0005@T");
    check_query("restrict access to (T); T", "T | KQL0021@restrict");
    check_query(".show tables", "KQL0019@.");
    check_query(
        "T | where d == datetime(2021-99-01)",
        "T | where (d == ERROR) | KQL0004@datetime(2021-99-01)",
    );
    check_query("T | where a && b || c", "T | where (or (and a b) c) | KQL0015@&& | KQL0015@||");
    check_query("T | where a = 1", "T | where (a == Long((1))) | KQL0014@=");
    check_query("T | where !(a)", "T | where a | KQL0015@!");
    check_query("T | where not a has 'x'", "T | where not((a has String(\"x\"))) | KQL0015@not");
    check_query("T /* c */ | take 1", "T | take Long((1)) | KQL0015@/");
    check_query("T | order by a descending", "T | sort a- | KQL0015@descending");
    check_query("where a == 1 | count", "Count | KQL0009@where");
    check_query("T | where a in ('x'", "T | where (a in [String(\"x\")]) | KQL0005@");
    check_query("T | join kind=left (U) on a | count", "T | join | Count | KQL0017@left");
    check_query("select * from T", "KQL0015@select");
}
