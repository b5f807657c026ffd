//! Units of work, counted in tests: they show that no turn of an operator does more than its share ([`tests`]).

pub(crate) use chartroom_values::work::count;

#[cfg(test)]
mod tests {
    use crate::{
        Answer, Fuel, Limits, catalog::Catalog, compile_with, edit::words, frame::BATCH_ROWS, relation::Gives,
    };
    use chartroom_base::ticks::Ticks;
    use chartroom_kql_syntax::keyword;
    use chartroom_values::work;
    use std::collections::BTreeSet;

    /// One query per operator, which is also what the engine cancels at any stage.
    const CASES: &str = include_str!("../tests/operators.txt");
    /// Rows of the table that they run over.
    const ROWS: usize = BATCH_ROWS * 64;
    /// The most that one turn may do.
    const MOST: usize = BATCH_ROWS * 40;

    /// Groups end in one turn still, with their keys: so much for each row is allowed to what makes them.
    const OF_GROUPS: (&[&str], usize) =
        (&["distinct", "make-series", "sample-distinct", "summarize"], ROWS * 4);

    /// What comes before each of them.
    fn table() -> String {
        format!(
            "let T = range i from 1 to {ROWS} step 1 | extend k = i % 500, s = strcat('word', i % 7, ' x=', i % 100), \
             t = datetime(2026-01-01) + i * 1s, r = i * 0.5, b = bag_pack('a', i % 5, 'c', i), l = range(1, i % 4); "
        )
    }

    /// The most units of one turn.
    fn most(text: &str) -> Result<usize, String> {
        let mut shapes = Vec::new();
        let mut most = 0;
        loop {
            let plan = compile_with(text, &Catalog::default(), Ticks(0), &shapes)
                .map_err(|diagnostics| format!("{diagnostics:?}"))?;
            let mut made = plan.made.as_deref().cloned().ok_or("stored rows")?;
            for step in 0.. {
                let mut answer = Answer::new(&made, step, plan.now, Limits::default(), 1).ok_or("no step")?;
                loop {
                    work::take();
                    let is_done = answer.step(&mut Fuel(1)).map_err(|refusal| refusal.to_string())?;
                    most = most.max(work::take());
                    if is_done {
                        break;
                    }
                }
                match answer.gives() {
                    Gives::Rows if answer.row_count() == 0 => return Err("no rows".to_owned()),
                    Gives::Rows if most == 0 => return Err("nothing is counted".to_owned()),
                    Gives::Rows => return Ok(most),
                    Gives::Shape => {
                        shapes.push(answer.shape());
                        break;
                    }
                    _ => made.settle(step as u32, &answer.parameter()),
                }
            }
        }
    }

    fn cases() -> impl Iterator<Item = (&'static str, &'static str)> {
        CASES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
    }

    #[test]
    fn every_operator_has_a_case() {
        let known: BTreeSet<&str> = cases().map(|(name, _)| name).collect();
        let operators = keyword::OPERATORS.iter().filter(|(_, is_word)| *is_word).map(|(name, _)| *name);
        let plugins = words::PLUGINS.iter().map(|word| word.name);
        let all = operators.chain(keyword::SOURCES.iter().copied()).chain(plugins);
        let missing: Vec<&str> = all.filter(|name| !known.contains(name)).collect();
        assert!(missing.is_empty(), "no query in tests/operators.txt for {missing:?}");
    }

    #[test]
    fn no_turn_does_more_than_its_share() {
        let mut wrong = Vec::new();
        // Only stored tables can be looked through by `find`.
        for (name, query) in cases().filter(|(name, query)| *query != "-" && *name != "find") {
            match most(&format!("{}{query}", table())) {
                Ok(most) if most <= MOST => {}
                Ok(most) if OF_GROUPS.0.contains(&name) && most <= OF_GROUPS.1 => {}
                Ok(most) => {
                    wrong.push(format!("{name}: {most} units in one turn of {query}, {MOST} are allowed"));
                }
                Err(why) => wrong.push(format!("{name}: {query}: {why}")),
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
