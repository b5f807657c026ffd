//! Words of the language with one line about each, as data: what completion proposes and hover explains.

/// A word, how it is written out, and one sentence about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// How it is used; empty where the word says it.
    pub usage: &'static str,
    /// One sentence.
    pub about: &'static str,
}

const fn word(name: &'static str, usage: &'static str, about: &'static str) -> Word {
    Word { name, usage, about }
}

/// Operators behind a `|`, those that are used most first.
pub static OPERATORS: &[Word] = &[
    word("where", "where condition", "Keeps the rows for which the condition is true."),
    word("summarize", "summarize aggregates by keys", "One row for each group of rows with the same keys."),
    word("extend", "extend name = expression", "Adds columns worked out from each row."),
    word("project", "project columns", "Keeps these columns, in this order, or new ones worked out."),
    word("sort", "sort by key [asc|desc]", "Orders the rows; descending unless `asc` is said."),
    word("take", "take count", "The first rows, in no order of their own."),
    word("top", "top count by key [asc|desc]", "The first rows in an order."),
    word("count", "count", "How many rows there are."),
    word("distinct", "distinct columns", "Each combination of values once."),
    word(
        "join",
        "join kind=inner (query) on columns",
        "Puts rows of two queries side by side where keys agree.",
    ),
    word("lookup", "lookup (query) on columns", "Adds the columns of a small table to each row."),
    word("union", "union tables", "The rows of several tables, one below the other."),
    word("render", "render chart with (title=\"…\")", "Says how the result is drawn."),
    word("mv-expand", "mv-expand column to typeof(type)", "A row for each element of an array or bag."),
    word("mv-apply", "mv-apply column on (stages)", "Applies stages to the elements of each row's array."),
    word("parse", "parse text with \"…\" column:type *", "Takes columns out of a text by a pattern."),
    word("parse-where", "parse-where text with pattern", "As `parse`, and drops rows that do not match."),
    word("parse-kv", "parse-kv text as (name:type) with (…)", "Takes key=value pairs out of a text."),
    word("project-away", "project-away columns", "Leaves columns out; `*` stands for any characters."),
    word("project-keep", "project-keep columns", "Keeps columns in the order they have."),
    word("project-rename", "project-rename new = old", "Gives columns other names."),
    word("project-reorder", "project-reorder columns", "Puts columns first."),
    word("project-by-names", "project-by-names names", "Keeps columns whose names are given as texts."),
    word(
        "make-series",
        "make-series aggregate on time step 1h by keys",
        "Arrays of an aggregate over even steps.",
    ),
    word("top-nested", "top-nested count of column by aggregate", "The top values, level by level."),
    word("top-hitters", "top-hitters count of column", "The values that occur most."),
    word("sample", "sample count", "Rows picked at random."),
    word("sample-distinct", "sample-distinct count of column", "Some distinct values of a column."),
    word("search", "search \"term\"", "Rows that hold a term in any column."),
    word(
        "serialize",
        "serialize [column = expression]",
        "Fixes the order, for `prev`, `next` and `row_number`.",
    ),
    word("scan", "scan with (step …)", "Follows rows in order through steps of a pattern."),
    word("partition", "partition by key (stages)", "Applies stages to each key's rows for themselves."),
    word("evaluate", "evaluate plugin(arguments)", "Applies a plug-in such as `bag_unpack` or `pivot`."),
    word("reduce", "reduce by text", "Groups texts that are alike."),
    word("facet", "facet by columns with (stages)", "A table of values for each column."),
    word("fork", "fork name=(stages) …", "Several results from the same rows."),
    word("getschema", "getschema", "The columns with their types, as rows."),
    word("as", "as Name", "Gives the rows so far a name."),
    word("invoke", "invoke function(arguments)", "Calls a function with the rows as its first argument."),
    word("consume", "consume", "Reads the rows and gives none."),
];

/// Words that begin a query, beside tables.
pub static SOURCES: &[Word] = &[
    word("union", "union tables", "The rows of several tables, one below the other."),
    word("search", "search \"term\"", "Rows of any table that hold a term in any column."),
    word("find", "find where condition", "Rows of any table that meet a condition."),
    word("print", "print name = expression", "One row of values worked out."),
    word("range", "range x from 1 to 10 step 1", "A column of values at even steps."),
    word("datatable", "datatable(name:type) [values]", "A table written out in the query."),
    word("externaldata", "externaldata(name:type) [\"file\"]", "A table read from a file."),
    word("materialize", "materialize(query)", "Works a query out once and keeps its rows."),
];

/// Words that begin a statement.
pub static STATEMENTS: &[Word] = &[
    word("let", "let name = expression;", "Gives a value, rows or a function a name."),
    word("set", "set property = value;", "Sets a property of the request, such as `query_now`."),
    word("declare", "declare query_parameters(name:type = value);", "Names values that come from outside."),
];

/// Operators between expressions.
pub static INFIX: &[Word] = &[
    word("==", "a == b", "Equal, case included."),
    word("!=", "a != b", "Not equal."),
    word("=~", "a =~ b", "Equal, case aside."),
    word("!~", "a !~ b", "Not equal, case aside."),
    word("<", "a < b", "Less."),
    word("<=", "a <= b", "Less or equal."),
    word(">", "a > b", "Greater."),
    word(">=", "a >= b", "Greater or equal."),
    word("and", "a and b", "Both are true."),
    word("or", "a or b", "One of them is true."),
    word("has", "text has \"term\"", "Holds the whole term, case aside."),
    word("!has", "text !has \"term\"", "Does not hold the whole term."),
    word("has_cs", "text has_cs \"term\"", "Holds the whole term, case included."),
    word("has_any", "text has_any (\"a\", \"b\")", "Holds one of the terms."),
    word("has_all", "text has_all (\"a\", \"b\")", "Holds all of the terms."),
    word("contains", "text contains \"part\"", "Holds the part, case aside."),
    word("!contains", "text !contains \"part\"", "Does not hold the part."),
    word("contains_cs", "text contains_cs \"part\"", "Holds the part, case included."),
    word("startswith", "text startswith \"part\"", "Begins with the part, case aside."),
    word("!startswith", "text !startswith \"part\"", "Does not begin with the part."),
    word("startswith_cs", "text startswith_cs \"part\"", "Begins with the part, case included."),
    word("endswith", "text endswith \"part\"", "Ends with the part, case aside."),
    word("!endswith", "text !endswith \"part\"", "Does not end with the part."),
    word("endswith_cs", "text endswith_cs \"part\"", "Ends with the part, case included."),
    word("hasprefix", "text hasprefix \"part\"", "Holds a term that begins so."),
    word("hassuffix", "text hassuffix \"part\"", "Holds a term that ends so."),
    word("matches regex", "text matches regex \"pattern\"", "Matches the regular expression."),
    word("in", "a in (b, c)", "One of the values."),
    word("!in", "a !in (b, c)", "None of the values."),
    word("in~", "a in~ (b, c)", "One of the values, case aside."),
    word("!in~", "a !in~ (b, c)", "None of the values, case aside."),
    word("between", "a between (low .. high)", "From low to high, both included."),
    word("!between", "a !between (low .. high)", "Below low or above high."),
    word("+", "a + b", "The sum."),
    word("-", "a - b", "The difference."),
    word("*", "a * b", "The product."),
    word("/", "a / b", "The quotient; of whole numbers a whole number."),
    word("%", "a % b", "What is left over, never negative."),
];

/// Charts that `render` knows.
pub static CHARTS: &[Word] = &[
    word("timechart", "", "Lines over time."),
    word("columnchart", "", "Upright bars, one for each value."),
    word("barchart", "", "Lying bars, one for each value."),
    word("piechart", "", "Shares of a whole."),
    word("linechart", "", "Lines over numbers."),
    word("areachart", "", "Filled lines."),
    word("stackedareachart", "", "Filled lines on top of one another."),
    word("scatterchart", "", "Points."),
    word("card", "", "The first values, large."),
    word("table", "", "Rows and columns."),
    word("anomalychart", "", "A time chart that marks what stands out."),
    word("ladderchart", "", "Spans of time, one below the other."),
    word("pivotchart", "", "A table to turn and fold."),
    word("treemap", "", "Areas by share."),
    word("timepivot", "", "Events along time."),
];

/// Properties of `render … with (…)`.
pub static CHART_PROPERTIES: &[Word] = &[
    word("title", "title=\"…\"", "The title."),
    word("kind", "kind=stacked", "default, stacked, stacked100 or unstacked."),
    word("series", "series=column", "Columns that tell series apart."),
    word("xcolumn", "xcolumn=column", "What runs along the x axis."),
    word("ycolumns", "ycolumns=column", "What is drawn."),
    word("xtitle", "xtitle=\"…\"", "The title of the x axis."),
    word("ytitle", "ytitle=\"…\"", "The title of the y axis."),
    word("xaxis", "xaxis=linear", "linear or log."),
    word("yaxis", "yaxis=linear", "linear or log."),
    word("ymin", "ymin=0", "Where the y axis begins."),
    word("ymax", "ymax=100", "Where the y axis ends."),
    word("legend", "legend=hidden", "visible or hidden."),
    word("accumulate", "accumulate=true", "Adds each value to those before it."),
    word("ysplit", "ysplit=none", "none, axes or panels."),
    word("anomalycolumns", "anomalycolumns=column", "Columns that mark what stands out."),
];

/// Kinds of `join`.
pub static JOIN_KINDS: &[Word] = &[
    word("inner", "", "Every pair of rows whose keys agree."),
    word("leftouter", "", "As inner, and left rows without a partner."),
    word("innerunique", "", "As inner, with one left row a key; the default."),
    word("rightouter", "", "As inner, and right rows without a partner."),
    word("fullouter", "", "As inner, and rows of both sides without a partner."),
    word("leftsemi", "", "Left rows that have a partner."),
    word("leftanti", "", "Left rows that have none."),
    word("rightsemi", "", "Right rows that have a partner."),
    word("rightanti", "", "Right rows that have none."),
];

/// Plug-ins of `evaluate`.
pub static PLUGINS: &[Word] = &[
    word("bag_unpack", "bag_unpack(column, \"prefix_\")", "A column for each key of a bag."),
    word("pivot", "pivot(column, aggregate)", "A column for each value."),
    word("narrow", "narrow()", "A row for each cell."),
    word("autocluster", "autocluster()", "Combinations of values that many rows share."),
    word("basket", "basket()", "Combinations of values that occur often."),
    word("diffpatterns", "diffpatterns(column, \"A\", \"B\")", "What tells two groups of rows apart."),
    word(
        "activity_counts_metrics",
        "activity_counts_metrics(id, time, start, end, window)",
        "Records, ids and new ids in each window of time.",
    ),
    word("ipv4_lookup", "ipv4_lookup(table, ip, range)", "The row of a table whose range holds the address."),
    word("ipv6_lookup", "ipv6_lookup(table, ip, range)", "The row of a table whose range holds the address."),
];

/// The types, with what they hold.
pub static TYPES: &[Word] = &[
    word("string", "", "Text; never null."),
    word("long", "", "A whole number of 64 bits."),
    word("int", "", "A whole number of 32 bits."),
    word("real", "", "A floating-point number."),
    word("bool", "", "true or false."),
    word("datetime", "", "A point in time, in UTC."),
    word("timespan", "", "A length of time."),
    word("dynamic", "", "An array, a bag, or any other value."),
    word("guid", "", "An identifier of 128 bits."),
    word("decimal", "", "A decimal number."),
];

/// The word of a list.
#[must_use]
pub fn find(words: &'static [Word], name: &str) -> Option<&'static Word> {
    words.iter().find(|word| word.name == name)
}
