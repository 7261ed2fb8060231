//! How deep a formula is nested, told before it is parsed.
//!
//! The parser reads a group again for each group around it, and calls itself for each command
//! that is another's argument, until the stack is full.

/// How deep a formula can be nested.
pub(super) const DEEPEST: usize = 50;

/// Commands that take several arguments, with their number.
const SEVERAL_ARGUMENTS: [(&str, u8); 14] = [
    ("frac", 2),
    ("dfrac", 2),
    ("tfrac", 2),
    ("cfrac", 2),
    ("binom", 2),
    ("dbinom", 2),
    ("tbinom", 2),
    ("overset", 2),
    ("underset", 2),
    ("stackrel", 2),
    ("textcolor", 2),
    ("fcolorbox", 3),
    ("sideset", 3),
    ("genfrac", 6),
];

/// Tells whether something in `formula` stands in more than [`DEEPEST`] things.
///
/// Any command of letters is taken to have an argument: it may be fewer in a row of symbols.
pub(super) fn is_too_deep(formula: &str) -> bool {
    let mut nesting = Nesting::default();
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        rest = &rest[first.len_utf8()..];
        match first {
            '\\' => rest = nesting.command(rest),
            '{' => nesting.open(Around::Braces),
            '}' => nesting.close(Around::Braces),
            ']' if nesting.0.contains(&Around::Brackets) => nesting.close(Around::Brackets),
            space if space.is_whitespace() => {}
            _ => nesting.sign(),
        }
        if nesting.0.len() > DEEPEST {
            return true;
        }
    }
    false
}

/// What a place in a formula stands in, from outside.
#[derive(Default)]
struct Nesting(Vec<Around>);

/// One thing that a place in a formula stands in.
#[derive(Clone, Copy, PartialEq)]
enum Around {
    /// A group in braces.
    Braces,
    /// What the brackets after a command hold.
    Brackets,
    /// What `\left` and `\begin` start.
    Environment,
    /// A command, with how many of its arguments are still to come.
    Command(u8),
}

impl Nesting {
    /// Reads a command, whose backslash stands before `rest`; returns what is after it.
    fn command<'f>(&mut self, rest: &'f str) -> &'f str {
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(letters);
        match name {
            "" => {
                self.sign();
                return &rest[rest.chars().next().map_or(0, char::len_utf8)..];
            }
            "left" | "begin" => self.open(Around::Environment),
            "right" | "end" => self.close(Around::Environment),
            name => {
                let known = SEVERAL_ARGUMENTS.iter().find(|(of, _)| *of == name);
                self.open(Around::Command(known.map_or(1, |(_, count)| *count)));
                // As in `\sqrt[3]` and `\xrightarrow[below]`; after others it is a sign.
                let takes_brackets = name == "sqrt" || name.starts_with('x');
                if let Some(inner) = rest.strip_prefix('[').filter(|_| takes_brackets) {
                    self.0.push(Around::Brackets);
                    return inner;
                }
            }
        }
        rest
    }

    /// Goes into something, which may be the next argument of a command.
    fn open(&mut self, around: Around) {
        if let Some(Around::Command(missing)) = self.0.last_mut() {
            *missing = missing.saturating_sub(1);
        }
        self.0.push(around);
    }

    /// Goes past a sign, which may be the last argument of commands.
    fn sign(&mut self) {
        self.open(Around::Command(0));
        self.leave_commands();
    }

    /// Goes out of the innermost thing like `around`, if there is one.
    fn close(&mut self, around: Around) {
        if let Some(at) = self.0.iter().rposition(|open| *open == around) {
            self.0.truncate(at);
        }
        if around != Around::Brackets {
            self.leave_commands();
        }
    }

    fn leave_commands(&mut self) {
        while self.0.last() == Some(&Around::Command(0)) {
            self.0.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_side_by_side_is_not_nested() {
        let flat = r"\left[\frac{a}{b}\right] \in[0, 1) \\ \{ \alpha \beta + \frac1x \hat y \,
            \sqrt[3] z \frac\alpha\beta \begin{matrix} \sqrt x & \mathbf y \end{matrix} ";
        assert!(!is_too_deep(&flat.repeat(1000)));
        assert!(is_too_deep(&r"\frac{1}".repeat(60)));
    }
}
