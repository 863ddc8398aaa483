//! Expressions as they are written: text into a tree that knows its lines and
//! columns.

use super::function::Function;

/// Where something stands in the text of an expression, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// A mistake in an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpressionError {
    /// Where.
    pub at: Position,
    /// What was found, as a clause.
    pub found: String,
    /// What is allowed, as a clause; may be empty.
    pub allowed: String,
    /// The name that isn't known, with those that are.
    pub unknown: Option<(String, Vec<String>)>,
}

impl ExpressionError {
    pub(crate) fn new(at: Position, found: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self { at, found: found.into(), allowed: allowed.into(), unknown: None }
    }
}

impl core::fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "line {}, column {}: {}", self.at.line, self.at.column, self.found)?;
        if self.allowed.is_empty() { Ok(()) } else { write!(f, "; {}", self.allowed) }
    }
}

impl core::error::Error for ExpressionError {}

/// An expression, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression {
    /// Where it begins; that of its operator, where it has one.
    pub(crate) at: Position,
    pub(crate) form: Form,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Form {
    Number(f64),
    Truth(bool),
    Name(String),
    Call(Function, Vec<Expression>),
}

/// The most characters of an expression.
const MOST_CHARACTERS: usize = 4_000;
/// How many parentheses, calls and signs may stand inside one another.
const MOST_DEPTH: u32 = 40;
/// The most operators between parts of an expression.
const MOST_OPERATORS: usize = 200;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Sign(&'static str),
    End,
}

/// Signs, the longer first.
const SIGNS: [&str; 13] = ["<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")", ","];

/// Reads an expression.
///
/// # Errors
/// [`ExpressionError`] for the first mistake of syntax.
pub(crate) fn parse(text: &str) -> Result<Expression, ExpressionError> {
    let start = Position { line: 1, column: 1 };
    if text.chars().count() > MOST_CHARACTERS {
        return Err(ExpressionError::new(start, "is too long", format!("at most {MOST_CHARACTERS} characters")));
    }
    let tokens = tokens(text)?;
    let n_operators = tokens.iter().filter(|(_, token)| binary(token).is_some()).count();
    if n_operators > MOST_OPERATORS {
        let allowed = format!("at most {MOST_OPERATORS}; give parts of it a name under [let]");
        return Err(ExpressionError::new(start, format!("has {n_operators} operators"), allowed));
    }
    let mut parser = Parser { tokens, next: 0, depth: 0 };
    let found = parser.expression(0)?;
    match parser.peek() {
        (_, Token::End) => Ok(found),
        _ => Err(parser.unexpected("an operator such as + or and, or the end")),
    }
}

impl Expression {
    /// The names in it, in the order in which they stand.
    pub(crate) fn names(&self) -> Vec<&str> {
        match &self.form {
            Form::Name(name) => vec![name],
            Form::Call(_, arguments) => arguments.iter().flat_map(Self::names).collect(),
            Form::Number(_) | Form::Truth(_) => Vec::new(),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<(Position, Token)>, ExpressionError> {
    let mut found = Vec::new();
    let mut at = Position { line: 1, column: 1 };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\n' => {
                at = Position { line: at.line + 1, column: 1 };
                rest = &rest[1..];
                continue;
            }
            '#' => (None, rest.find('\n').unwrap_or(rest.len())),
            first if first.is_whitespace() => (None, first.len_utf8()),
            first if first.is_ascii_digit() || first == '.' => {
                let length = length_of_number(rest);
                let number = rest[..length].parse::<f64>().ok().filter(|number| number.is_finite());
                let number = number.ok_or_else(|| {
                    ExpressionError::new(at, format!("{:?} is no number", &rest[..length]), "such as 2, 0.5 or 1e-3")
                })?;
                (Some(Token::Number(number)), length)
            }
            first if first.is_ascii_alphabetic() || first == '_' => {
                let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
                let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                (Some(Token::Name(rest[..length].to_owned())), length)
            }
            _ => {
                if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                    (Some(Token::Sign(sign)), sign.len())
                } else {
                    let allowed =
                        "numbers, names, + - * / < <= > >= == != and or not, commas and parentheses are allowed";
                    return Err(ExpressionError::new(at, format!("{first:?} means nothing here"), allowed));
                }
            }
        };
        found.extend(token.map(|token| (at, token)));
        at.column += rest[..length].chars().count() as u32;
        rest = &rest[length..];
    }
    found.push((at, Token::End));
    Ok(found)
}

/// The characters of a number, an exponent with its sign included.
fn length_of_number(text: &str) -> usize {
    let mut previous = ' ';
    let mut is_part = |c: char| {
        let is_sign_of_exponent = matches!(c, '+' | '-') && matches!(previous, 'e' | 'E');
        previous = c;
        c.is_ascii_alphanumeric() || c == '.' || c == '_' || is_sign_of_exponent
    };
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

struct Parser {
    tokens: Vec<(Position, Token)>,
    next: usize,
    depth: u32,
}

/// How tightly an operator between two expressions binds; comparisons don't chain.
const COMPARISON: u8 = 3;
/// How tightly a minus in front binds.
const UNARY: u8 = 6;

fn binary(token: &Token) -> Option<(Function, u8)> {
    let word = match token {
        Token::Sign(sign) => sign,
        Token::Name(name) => name.as_str(),
        Token::Number(_) | Token::End => return None,
    };
    Some(match word {
        "or" => (Function::Or, 1),
        "and" => (Function::And, 2),
        "<" => (Function::Less, COMPARISON),
        "<=" => (Function::AtMost, COMPARISON),
        ">" => (Function::More, COMPARISON),
        ">=" => (Function::AtLeast, COMPARISON),
        "==" => (Function::Same, COMPARISON),
        "!=" => (Function::Different, COMPARISON),
        "+" => (Function::Add, 4),
        "-" => (Function::Subtract, 4),
        "*" => (Function::Multiply, 5),
        "/" => (Function::Divide, 5),
        _ => return None,
    })
}

impl Parser {
    fn peek(&self) -> (Position, &Token) {
        let (at, token) = &self.tokens[self.next.min(self.tokens.len() - 1)];
        (*at, token)
    }

    fn take(&mut self) -> (Position, Token) {
        let (at, token) = self.peek();
        let taken = (at, token.clone());
        self.next += 1;
        taken
    }

    fn unexpected(&self, allowed: &str) -> ExpressionError {
        let (at, token) = self.peek();
        let found = match token {
            Token::End => "ends too early".to_owned(),
            Token::Number(number) => format!("{number} stands where it means nothing"),
            Token::Name(name) => format!("{name:?} stands where it means nothing"),
            Token::Sign(sign) => format!("{sign:?} stands where it means nothing"),
        };
        ExpressionError::new(at, found, format!("must be {allowed}"))
    }

    fn expression(&mut self, least: u8) -> Result<Expression, ExpressionError> {
        let mut left = self.operand()?;
        while let Some((function, binds)) = binary(self.peek().1) {
            if binds < least {
                break;
            }
            let (at, _) = self.take();
            let right = self.expression(binds + 1)?;
            left = Expression { at, form: Form::Call(function, vec![left, right]) };
            if binds == COMPARISON && binary(self.peek().1).is_some_and(|(_, next)| next == COMPARISON) {
                let message = "compares what is a comparison";
                return Err(ExpressionError::new(self.peek().0, message, "write a < b and b < c"));
            }
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expression, ExpressionError> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            let (at, _) = self.peek();
            return Err(ExpressionError::new(at, "is nested too deep", format!("at most {MOST_DEPTH} levels")));
        }
        let found = self.operand_within();
        self.depth -= 1;
        found
    }

    fn operand_within(&mut self) -> Result<Expression, ExpressionError> {
        let what = "a number, a name, or an expression in parentheses";
        let (at, token) = self.peek();
        match token.clone() {
            Token::Number(number) => {
                self.take();
                Ok(Expression { at, form: Form::Number(number) })
            }
            Token::Sign("-") => {
                self.take();
                let of = self.expression(UNARY)?;
                Ok(Expression { at, form: Form::Call(Function::Negate, vec![of]) })
            }
            Token::Sign("(") => {
                self.take();
                let found = self.expression(0)?;
                self.expect(")")?;
                Ok(found)
            }
            Token::Name(name) => match name.as_str() {
                "not" => {
                    self.take();
                    let of = self.expression(COMPARISON)?;
                    Ok(Expression { at, form: Form::Call(Function::Not, vec![of]) })
                }
                "true" | "false" => {
                    self.take();
                    Ok(Expression { at, form: Form::Truth(name == "true") })
                }
                "and" | "or" => Err(self.unexpected(what)),
                _ => {
                    self.take();
                    self.name_or_call(at, name)
                }
            },
            _ => Err(self.unexpected(what)),
        }
    }

    fn name_or_call(&mut self, at: Position, name: String) -> Result<Expression, ExpressionError> {
        if *self.peek().1 != Token::Sign("(") {
            return Ok(Expression { at, form: Form::Name(name) });
        }
        let Some(function) = Function::named(&name) else {
            let functions = Function::names().map(|function| function.word().to_owned()).collect();
            let found = format!("calls {name:?}, which is no function");
            return Err(ExpressionError { unknown: Some((name, functions)), ..ExpressionError::new(at, found, "") });
        };
        self.take();
        let mut arguments = vec![self.expression(0)?];
        while *self.peek().1 == Token::Sign(",") {
            self.take();
            arguments.push(self.expression(0)?);
        }
        self.expect(")")?;
        if !function.arguments().contains(&arguments.len()) {
            let found = format!("{name} is given {} arguments", arguments.len());
            return Err(ExpressionError::new(at, found, format!("is written {}", function.usage())));
        }
        Ok(Expression { at, form: Form::Call(function, arguments) })
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), ExpressionError> {
        if *self.peek().1 == Token::Sign(sign) {
            self.take();
            return Ok(());
        }
        Err(self.unexpected(&format!("an operator, a comma within a function, or {sign:?}")))
    }
}
