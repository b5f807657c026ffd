//! The operators between operands, each with the sign that a person writes.

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `+x`.
    Plus,
    /// `-x`.
    Minus,
}

macro_rules! operators {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $sign:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)+ }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// How it is written.
            #[must_use]
            pub const fn sign(self) -> &'static str {
                match self { $(Self::$variant => $sign,)+ }
            }
            /// The operator written so.
            #[must_use]
            pub fn from_sign(sign: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|operator| operator.sign() == sign)
            }
        }
    };
}

operators! {
    /// Operators with two operands.
    BinaryOperator {
        /// Equal; total: null equals nothing but null.
        Equal = "==",
        /// Not equal.
        NotEqual = "!=",
        /// Equal, case aside.
        EqualFold = "=~",
        /// Not equal, case aside.
        NotEqualFold = "!~",
        /// Less.
        Less = "<",
        /// Less or equal.
        LessOrEqual = "<=",
        /// Greater.
        Greater = ">",
        /// Greater or equal.
        GreaterOrEqual = ">=",
        /// Sum.
        Add = "+",
        /// Difference.
        Subtract = "-",
        /// Product.
        Multiply = "*",
        /// Quotient.
        Divide = "/",
        /// Modulo.
        Modulo = "%",
        /// Holds the term, case aside.
        Has = "has",
        /// Does not.
        NotHas = "!has",
        /// Holds the term.
        HasCs = "has_cs",
        /// Does not.
        NotHasCs = "!has_cs",
        /// Holds a term that begins so, case aside.
        HasPrefix = "hasprefix",
        /// Does not.
        NotHasPrefix = "!hasprefix",
        /// Holds a term that begins so.
        HasPrefixCs = "hasprefix_cs",
        /// Does not.
        NotHasPrefixCs = "!hasprefix_cs",
        /// Holds a term that ends so, case aside.
        HasSuffix = "hassuffix",
        /// Does not.
        NotHasSuffix = "!hassuffix",
        /// Holds a term that ends so.
        HasSuffixCs = "hassuffix_cs",
        /// Does not.
        NotHasSuffixCs = "!hassuffix_cs",
        /// Holds the text, case aside.
        Contains = "contains",
        /// Does not.
        NotContains = "!contains",
        /// Holds the text.
        ContainsCs = "contains_cs",
        /// Does not.
        NotContainsCs = "!contains_cs",
        /// Begins with the text, case aside.
        StartsWith = "startswith",
        /// Does not.
        NotStartsWith = "!startswith",
        /// Begins with the text.
        StartsWithCs = "startswith_cs",
        /// Does not.
        NotStartsWithCs = "!startswith_cs",
        /// Ends with the text, case aside.
        EndsWith = "endswith",
        /// Does not.
        NotEndsWith = "!endswith",
        /// Ends with the text.
        EndsWithCs = "endswith_cs",
        /// Does not.
        NotEndsWithCs = "!endswith_cs",
        /// Matches the regular expression.
        MatchesRegex = "matches regex",
        /// `column:"text"`: has, as in a search box.
        Colon = ":",
    }
}

operators! {
    /// Operators whose right side is a list.
    InOperator {
        /// One of.
        In = "in",
        /// None of.
        NotIn = "!in",
        /// One of, case aside.
        InFold = "in~",
        /// None of, case aside.
        NotInFold = "!in~",
        /// Holds any of the terms.
        HasAny = "has_any",
        /// Holds all of the terms.
        HasAll = "has_all",
    }
}

impl BinaryOperator {
    /// How tightly it binds: 3 equality, 4 order, 5 sums, 6 products, 7 texts. 1 and 2 are `or` and `and`.
    ///
    /// Levels 3, 4 and 7 do not chain.
    #[must_use]
    pub const fn power(self) -> u8 {
        match self {
            Self::Equal | Self::NotEqual => 3,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 4,
            Self::Add | Self::Subtract => 5,
            Self::Multiply | Self::Divide | Self::Modulo => 6,
            _ => 7,
        }
    }

    /// For a negated text operator or comparison: the one it negates.
    #[must_use]
    pub const fn positive(self) -> (Self, bool) {
        match self {
            Self::NotEqual => (Self::Equal, true),
            Self::NotEqualFold => (Self::EqualFold, true),
            Self::NotHas => (Self::Has, true),
            Self::NotHasCs => (Self::HasCs, true),
            Self::NotHasPrefix => (Self::HasPrefix, true),
            Self::NotHasPrefixCs => (Self::HasPrefixCs, true),
            Self::NotHasSuffix => (Self::HasSuffix, true),
            Self::NotHasSuffixCs => (Self::HasSuffixCs, true),
            Self::NotContains => (Self::Contains, true),
            Self::NotContainsCs => (Self::ContainsCs, true),
            Self::NotStartsWith => (Self::StartsWith, true),
            Self::NotStartsWithCs => (Self::StartsWithCs, true),
            Self::NotEndsWith => (Self::EndsWith, true),
            Self::NotEndsWithCs => (Self::EndsWithCs, true),
            other => (other, false),
        }
    }
}
