//! What a reader has learned about the records of one type: the keys it met, which followed which, and what becomes of each.
//!
//! A [`Node`] is a place in a record as the file spells it; it is made when a key is first met and then found by comparing the
//! bytes at hand with the two keys that last followed the key before it. **Invariant:** learning changes speed, never rows.

use super::replay::Replay;
use super::slots::Slot;
use crate::formats::{Evidence, FormatFile, Formats, KeyLevel, PlanDef, REST, Source, ValueType, fold_key};
use crate::hints::TimeRules;
use crate::text::stops::Head;
use crate::time::Seen;
use chartroom_schema::kind::Kind;
use std::collections::HashMap;
use std::rc::Rc;

/// Nodes a type may have after a record; with more, the keys learned are forgotten. Bounds what hostile keys cost.
const MAX_NODES: usize = 4_096;
/// Nodes one record may add; no type's columns lie beyond so many keys.
const MAX_NODES_IN_RECORD: usize = 65_536;
/// Columns that a catch-all table may find; keys beyond them go to `AdditionalFields`, as Azure does it past 500.
const MAX_FOUND: usize = 500;
/// The record itself.
pub(crate) const ROOT: usize = 0;
/// Stands in for keys beyond [`MAX_NODES_IN_RECORD`].
const OVERFLOW: usize = 1;
/// The hidden column that says what is in doubt of a record's time.
const QUALITY: &str = "_TimeQuality";
/// No key.
const NONE: u32 = u32::MAX;

/// The kind that Azure puts behind a property's name where one table serves many services.
fn suffix_kind(name: &str) -> Option<Kind> {
    Some(match name.rsplit_once('_')?.1 {
        "s" => Kind::String,
        "d" => Kind::Real,
        "b" => Kind::Bool,
        "g" => Kind::Guid,
        "t" => Kind::DateTime,
        _ => return None,
    })
}

/// What becomes of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bind {
    /// Nothing: the value is held by what surrounds it.
    Nothing,
    /// A text column whose best source this is: the way of nearly all values.
    Text(usize),
    /// These columns.
    Columns(Vec<Source>),
    /// A column found by its key.
    Found(usize),
    /// `AdditionalFields`, under its path.
    Rest,
}

/// A key within an object.
#[derive(Debug)]
struct Kid {
    /// The key as spelled, then `":`.
    spelled: Box<[u8]>,
    /// Its first 32 bytes: a call to compare a dozen bytes costs more than comparing them.
    heads: [Head; 2],
    place: Place,
    /// The keys that followed it last, the later one first.
    next: [u32; 2],
}

/// A node, with what is wanted of it most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) node: usize,
    /// The column of [`Bind::Text`] when its texts can be pushed as they are; else beyond all columns.
    pub(crate) plain: usize,
    /// Whether rules test it.
    pub(crate) is_tested: bool,
}

impl Place {
    /// Whether it stands in for keys that there are too many of.
    pub(crate) const fn is_stand_in(self) -> bool {
        self.node == OVERFLOW
    }
}

impl Kid {
    fn new(key: &[u8], place: Place) -> Self {
        let spelled = [key, b"\":"].concat();
        let heads = [Head::new(&spelled), Head::new(spelled.get(16..).unwrap_or_default())];
        Self { spelled: spelled.into(), heads, place, next: [NONE; 2] }
    }

    /// Whether `rest` begins with it.
    #[inline(always)]
    fn begins(&self, rest: &[u8]) -> bool {
        if self.spelled.len() <= 32
            && let Some((head, tail)) = rest.split_first_chunk::<16>()
            && let Some(tail) = tail.first_chunk::<16>()
        {
            let [low, high] = &self.heads;
            low.begins(head) && (self.spelled.len() <= 16 || high.begins(tail))
        } else {
            rest.starts_with(&self.spelled)
        }
    }
}

/// A place in a record.
#[derive(Debug)]
pub(crate) struct Node {
    kids: Vec<Kid>,
    by_key: HashMap<Box<[u8]>, u32>,
    /// The keys that came first.
    first: [u32; 2],
    pub(crate) bind: Bind,
    /// Has places of columns under it.
    pub(crate) is_branch: bool,
    /// The whole of it or of something around it is kept in a column.
    pub(crate) is_covered: bool,
    /// The whole of something around it is kept in a column.
    pub(crate) is_held: bool,
    /// When not empty: walked only when one of these occurs in it.
    pub(crate) needles: Vec<memchr::memmem::Finder<'static>>,
    /// Its first element is a place of columns.
    pub(crate) is_list: bool,
    /// Where it is in the type's tree.
    def: Option<usize>,
    level: Option<KeyLevel>,
    /// Dotted, as spelled.
    pub(crate) path: String,
    /// Where two keys lead to one column, the lower one takes it; see [`crate::formats::PlanDef`].
    pub(crate) spelling: u16,
    /// Atoms that test it.
    pub(crate) atoms: Vec<usize>,
    /// What holds for every text, when no atom looks at what it says.
    pub(crate) of_any_text: Option<Evidence>,
    /// The last text tested and what held for it.
    pub(crate) tested: Option<(String, Evidence)>,
    /// The row in which an object was last met here.
    pub(crate) seen: u32,
    /// Objects met here that may come again.
    pub(crate) replay: Option<Box<Replay>>,
    /// What times here left open, and when that was told: see [`Plan::take_seen`].
    times: (u32, Seen),
}

impl Node {
    fn new(path: String, bind: Bind) -> Self {
        Self {
            kids: Vec::new(),
            by_key: HashMap::new(),
            first: [NONE; 2],
            bind,
            is_branch: false,
            is_covered: false,
            is_held: false,
            needles: Vec::new(),
            is_list: false,
            def: None,
            level: None,
            path,
            spelling: 0,
            atoms: Vec::new(),
            of_any_text: None,
            tested: None,
            seen: 0,
            replay: None,
            times: (0, Seen::default()),
        }
    }

    /// Whether values here were told to show that, by any round.
    pub(crate) const fn has_shown(&self, seen: Seen) -> bool {
        self.times.1.has(seen)
    }

    pub(crate) fn kids(&self) -> impl Iterator<Item = usize> + '_ {
        self.kids.iter().map(|kid| kid.place.node)
    }
}

/// Where in an object the walk is: the key passed last, and what may follow it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct After {
    kid: u32,
    next: [u32; 2],
}

impl After {
    /// Behind no key that is known.
    pub(crate) const NOTHING: Self = Self { kid: NONE, next: [NONE; 2] };
}

/// All of it for one type.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) nodes: Vec<Node>,
    pub(crate) slots: Vec<Slot>,
    /// Slots with a value for records that give none.
    pub(crate) constants: Vec<(usize, String)>,
    /// The slot of `TimeGenerated`.
    pub(crate) time: Option<usize>,
    /// The slot that says what is in doubt of it, and that of the resource.
    pub(crate) quality: Option<usize>,
    pub(crate) resource: Option<usize>,
    /// The slot of `AdditionalFields`.
    pub(crate) rest: usize,
    /// Slots of the file's columns; those behind them were found.
    documented: usize,
    /// Whether keys become columns.
    is_found: bool,
    /// Whether only those do that feed no column of the file.
    finds_rest: bool,
    /// Whether their kinds follow from the ends of their names.
    has_suffixes: bool,
    found: usize,
    /// Whether it only gathers evidence.
    is_probe: bool,
    /// Counts rows, so that a slot knows whether it was set in this one.
    pub(crate) row: u32,
    /// Evidence of the last record, which was of this type, and its rule.
    pub(crate) judged: Option<(Evidence, crate::formats::RuleNo)>,
    /// Bytes of objects that were remembered since it began to.
    pub(crate) replay_bytes: usize,
    /// Columns the table had after the last row; fewer means that it was rebuilt.
    pub(crate) columns_seen: usize,
    /// Kinds of found columns that were told beforehand.
    pub(crate) told: HashMap<String, Kind>,
    /// Places of the cells of table rows.
    pub(crate) bound: super::cells::Bound,
    /// How its times are read.
    pub(crate) times: Rc<TimeRules>,
}

impl Plan {
    /// A plan that puts nothing anywhere.
    pub(crate) fn probe() -> Self {
        Self::empty(true)
    }

    fn empty(is_probe: bool) -> Self {
        let mut root = Node::new(String::new(), Bind::Nothing);
        root.is_branch = true;
        root.is_covered = is_probe;
        root.level = Some(KeyLevel::Record);
        let mut overflow = Node::new(String::new(), if is_probe { Bind::Nothing } else { Bind::Rest });
        overflow.is_covered = is_probe;
        Self {
            nodes: vec![root, overflow],
            slots: Vec::new(),
            constants: Vec::new(),
            time: None,
            quality: None,
            resource: None,
            rest: 0,
            documented: 0,
            is_found: false,
            finds_rest: false,
            has_suffixes: false,
            found: 0,
            is_probe,
            row: 0,
            judged: None,
            replay_bytes: 0,
            columns_seen: 0,
            told: HashMap::new(),
            bound: super::cells::Bound::default(),
            times: Rc::default(),
        }
    }

    /// What times and cells of a row left open that was not told before in the round `round`, by path.
    pub(crate) fn take_seen(&mut self, seen: &mut Vec<(usize, Seen)>, round: u32) -> Vec<(String, Seen)> {
        let mut fresh = Vec::new();
        for (node, seen) in seen.drain(..) {
            let Some(node) = self.nodes.get_mut(node) else { continue };
            let before = if node.times.0 == round { node.times.1 } else { Seen::default() };
            if !before.has(seen) {
                node.times = (round, before.and(seen));
                fresh.push((node.path.clone(), seen));
            }
        }
        fresh
    }

    /// The plan of a type.
    pub(crate) fn new(file: &FormatFile, def: &PlanDef) -> Self {
        let mut plan = Self::empty(false);
        plan.is_found = file.is_found || file.finds_rest;
        plan.finds_rest = file.finds_rest;
        plan.has_suffixes = file.has_suffixes;
        plan.slots = file
            .column
            .iter()
            .zip(&def.sources)
            .map(|(column, &sources)| {
                let mut slot = Slot::new(&column.name, column.kind, column.is_hidden, sources > 1);
                slot.is_constant = file.constant.contains_key(&column.name);
                slot
            })
            .collect();
        let slot = |name: &str| file.column.iter().position(|column| column.name == name);
        plan.time = slot("TimeGenerated");
        plan.quality = slot(QUALITY);
        plan.resource = slot("_ResourceId");
        plan.rest = file.column.iter().position(|column| column.name == REST).unwrap_or_else(|| {
            plan.slots.push(Slot::new(REST, Kind::Dynamic, true, false));
            plan.slots.len() - 1
        });
        plan.documented = plan.slots.len();
        plan.constants = file
            .constant
            .iter()
            .filter_map(|(name, value)| {
                Some((file.column.iter().position(|column| &column.name == name)?, value.clone()))
            })
            .collect();
        if let Some(root) = plan.nodes.first_mut() {
            root.def = Some(0);
        }
        plan
    }

    /// The child of `node` that is expected after `after` or spelled out at the bytes `rest`, which begin behind the opening
    /// quote; with the number of bytes up to behind the colon.
    #[inline(always)]
    pub(crate) fn expect(&self, node: usize, after: After, rest: &[u8]) -> Option<(Place, After, usize)> {
        let kids = self.nodes.get(node)?.kids.as_slice();
        for at in after.next {
            if let Some(kid) = kids.get(at as usize)
                && kid.begins(rest)
            {
                return Some((kid.place, After { kid: at, next: kid.next }, kid.spelled.len()));
            }
        }
        None
    }

    /// Before the first key of `node`, which is met in this row; `true` when it was met in it before.
    #[inline(always)]
    pub(crate) fn enter(&mut self, node: usize) -> (After, bool) {
        let Some(here) = self.nodes.get_mut(node) else {
            return (After::NOTHING, false);
        };
        let was_seen = std::mem::replace(&mut here.seen, self.row) == self.row;
        (After { kid: NONE, next: here.first }, was_seen)
    }

    /// Begins the next row.
    pub(crate) fn begin_row(&mut self) {
        self.row = self.row.wrapping_add(1);
        if self.nodes.len() > MAX_NODES {
            self.nodes.truncate(OVERFLOW + 1);
            self.bound = super::cells::Bound::default();
            if let Some(root) = self.nodes.get_mut(ROOT) {
                root.kids.clear();
                root.by_key.clear();
                root.first = [NONE; 2];
            }
        }
    }

    /// The child of `node` under `key` (its bytes as spelled), and remembers that it followed `after`. `None`: there is none yet,
    /// and adding one to a table of found columns needs leave.
    pub(crate) fn look_up(
        &mut self,
        (node, after): (usize, After),
        key: &[u8],
        formats: &Formats,
        def: Option<(&FormatFile, &PlanDef)>,
        may_add: bool,
    ) -> Option<(Place, After)> {
        let parent = self.nodes.get(node)?;
        let at = match parent.by_key.get(key) {
            Some(&at) => at,
            None if self.is_found && !may_add => return None,
            None => match self.add(node, key, formats, def) {
                Ok(at) => at,
                Err(node) => return Some((Place { node, plain: usize::MAX, is_tested: false }, after)),
            },
        };
        let parent = self.nodes.get_mut(node)?;
        let next = match parent.kids.get_mut(after.kid as usize) {
            Some(kid) => &mut kid.next,
            None => &mut parent.first,
        };
        *next = [at, next[0]];
        let kid = parent.kids.get(at as usize)?;
        Some((kid.place, After { kid: at, next: kid.next }))
    }

    /// Adds a child; `Err` is the stand-in when there are too many.
    fn add(
        &mut self,
        parent: usize,
        key: &[u8],
        formats: &Formats,
        def: Option<(&FormatFile, &PlanDef)>,
    ) -> Result<u32, usize> {
        let name = String::from_utf8_lossy(key).into_owned();
        let mut unescaped = String::new();
        crate::text::unescape::unescape_into(&name, &mut unescaped);
        let folded = fold_key(&unescaped);
        let Some(around) = self.nodes.get(parent) else { return Err(OVERFLOW) };
        let path =
            if around.path.is_empty() { unescaped.clone() } else { format!("{}.{unescaped}", around.path) };
        if self.nodes.len() >= MAX_NODES + MAX_NODES_IN_RECORD {
            if let Some(overflow) = self.nodes.get_mut(OVERFLOW) {
                overflow.path = path;
            }
            return Err(OVERFLOW);
        }
        let mut node = Node::new(path, Bind::Nothing);
        node.is_covered = around.is_covered;
        node.is_held = around.is_covered;
        if let Some(level) = around.level {
            node.atoms = formats.atoms.of_key(level, &folded).to_vec();
            if level == KeyLevel::Record && folded == "properties" {
                node.level = Some(KeyLevel::Properties);
                node.is_branch = true;
            }
        }
        let is_top = parent == ROOT;
        if let Some((file, def)) = def
            && let Some(at) = around.def.and_then(|at| def.kid(at, &folded))
        {
            node.def = Some(at);
            if let Some(here) = def.nodes.get(at) {
                node.spelling = around.spelling.max(here.spelling(&unescaped));
                node.is_branch |= !here.kids.is_empty();
                node.is_list = node.is_held && here.kids.contains_key("0");
                node.needles = here
                    .needles
                    .iter()
                    .map(|needle| memchr::memmem::Finder::new(needle.as_bytes()).into_owned())
                    .collect();
                node.bind = self.bind(&here.columns, file);
            }
        }
        if !node.is_covered && is_top && folded == "additionalfields" && !self.is_probe {
            // Rows that were exported with what no column took: it goes where it came from.
            node.bind = Bind::Columns(vec![Source { column: self.rest, rank: 0 }]);
        } else if !node.is_covered && self.is_found && is_top {
            self.bind_found(&mut node);
        }
        let covers = matches!(node.bind, Bind::Text(_) | Bind::Columns(_) | Bind::Found(_));
        if !covers && !node.is_covered && !self.is_probe {
            node.bind = Bind::Rest;
        }
        node.is_covered |= covers;
        let plain = match node.bind {
            Bind::Text(slot) if !node.is_branch => slot,
            _ => usize::MAX,
        };
        let is_tested = !node.atoms.is_empty();
        if !node.atoms.iter().any(|&atom| formats.atoms.reads_text(atom)) {
            let mut evidence = Evidence::default();
            node.atoms
                .iter()
                .filter(|&&atom| formats.atoms.test(atom, ValueType::Text, ""))
                .for_each(|&atom| evidence.add(atom));
            node.of_any_text = Some(evidence);
        }
        let at = self.nodes.len();
        self.nodes.push(node);
        let Some(around) = self.nodes.get_mut(parent) else { return Err(OVERFLOW) };
        let kid = u32::try_from(around.kids.len()).unwrap_or(NONE);
        around.kids.push(Kid::new(key, Place { node: at, plain, is_tested }));
        around.by_key.insert(key.into(), kid);
        Ok(kid)
    }

    fn bind(&self, columns: &[Source], file: &FormatFile) -> Bind {
        match columns {
            [] => Bind::Nothing,
            [one]
                if one.rank == 0
                    && self.slots.get(one.column).is_some_and(|slot| !slot.is_constant)
                    && file.column.get(one.column).is_some_and(|column| column.kind == Kind::String) =>
            {
                Bind::Text(one.column)
            }
            many => Bind::Columns(many.to_vec()),
        }
    }

    /// A key of a record becomes a column of its own, besides those it is known to feed.
    fn bind_found(&mut self, node: &mut Node) {
        if self.finds_rest && node.bind != Bind::Nothing {
            return;
        }
        node.is_branch |= node.level.is_some();
        let slot = match self.slots.iter().position(|slot| slot.name == node.path) {
            Some(known) if known < self.documented => {
                // A key called as a column of the file: that column takes it, or what it cannot take is kept aside.
                if node.bind == Bind::Nothing {
                    node.bind = Bind::Rest;
                }
                return;
            }
            Some(known) => known,
            None if self.found >= MAX_FOUND => {
                if node.bind == Bind::Nothing {
                    node.bind = Bind::Rest;
                }
                return;
            }
            None => {
                self.found += 1;
                let kind = if self.has_suffixes { suffix_kind(&node.path) } else { None };
                let told = self.told.get(&node.path).copied();
                self.slots.push(match kind {
                    Some(kind) => Slot::new(&node.path, kind, false, false),
                    None => Slot::found(&node.path, told),
                });
                self.slots.len() - 1
            }
        };
        node.bind = match std::mem::replace(&mut node.bind, Bind::Nothing) {
            Bind::Columns(mut columns) => {
                columns.push(Source { column: slot, rank: 0 });
                Bind::Columns(columns)
            }
            Bind::Text(column) => {
                Bind::Columns(vec![Source { column, rank: 0 }, Source { column: slot, rank: 0 }])
            }
            _ => Bind::Found(slot),
        };
    }

    /// Whether all keys become columns.
    pub(crate) const fn finds_columns(&self) -> bool {
        self.is_found && !self.finds_rest
    }
}
