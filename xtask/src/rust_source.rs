//! What doc comments and declarations of the engine's source say, read from the disk
//! with `syn`. Code behind `#[cfg(test)]` is left out.

use std::path::{Path, PathBuf};

use quote::ToTokens as _;
use syn::visit::Visit;
use syn::{Attribute, Expr, Item, Stmt};

use crate::pages::one_line;

/// A source file.
pub(crate) struct Source {
    /// Path below the `src` of its crate, with forward slashes.
    pub(crate) path: String,
    parsed: syn::File,
}

/// A thing with its doc comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Documented {
    /// Its name.
    pub(crate) name: String,
    /// What follows the name: a type, a value or a word.
    pub(crate) rest: String,
    /// Its doc comment.
    pub(crate) doc: String,
}

impl Documented {
    /// The first paragraph of the doc comment on one line.
    pub(crate) fn summary(&self) -> String {
        let paragraph = prose(&self.doc);
        one_line(paragraph.split("\n\n").next().unwrap_or_default())
    }
}

/// A call in the day's list of phases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phase {
    /// The module of the function called.
    pub(crate) module: String,
    /// The function.
    pub(crate) function: String,
    /// The case in which it's called, if not always.
    pub(crate) case: Option<String>,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The folder of the engine's sources from the root of the repository.
pub(crate) const ENGINE: &str = "crates/allegiance-model/src";

// Every function below that fails does so because the engine's source lacks what a page
// is about: the page is wrong then, and whoever changes the engine sees which.
thread_local! {
    // Read once per thread, since what `syn` gives can't be shared between threads.
    static FILES: &'static [Source] = {
        let folder = root().join(ENGINE);
        let mut paths = Vec::new();
        add_files(&folder, &mut paths);
        paths.sort();
        Box::leak(paths.iter().map(|path| read(&folder, path)).collect())
    };
}

fn add_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs_err::read_dir(folder).expect("the engine's source can be listed") {
        let path = entry.expect("the engine's source can be listed").path();
        if path.is_dir() {
            add_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn read(folder: &Path, path: &Path) -> Source {
    let text = fs_err::read_to_string(path).expect("the source can be read");
    let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let path = path.strip_prefix(folder).unwrap_or(path);
    Source { path: path.display().to_string().replace('\\', "/"), parsed }
}

/// Every file of the engine, in order of path.
pub(crate) fn files() -> &'static [Source] {
    FILES.with(|files| *files)
}

/// A file of the engine.
pub(crate) fn file(path: &str) -> &'static Source {
    files().iter().find(|file| file.path == path).unwrap_or_else(|| panic!("the engine has no file {path}"))
}

/// A file anywhere in the repository.
pub(crate) fn other_file(path: &str) -> Source {
    read(&root(), &root().join(path))
}

/// A doc comment as Markdown of a page: headings become bold words, links between items
/// become code.
pub(crate) fn prose(doc: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in doc.trim().lines() {
        let starts_block = line.starts_with("```") || line.starts_with('|');
        match (line.strip_prefix("# "), lines.last_mut()) {
            (Some(heading), _) => lines.push(format!("**{heading}.**")),
            (None, Some(last)) if last.ends_with(".**") && starts_block => {
                lines.extend([String::new(), line.to_owned()]);
            }
            (None, Some(last)) if last.ends_with(".**") => *last = format!("{last} {line}"),
            (None, _) => lines.push(line.to_owned()),
        }
    }
    lines.join("\n").replace("[`", "`").replace("`]", "`")
}

/// The lines of the doc comments among some attributes.
fn doc_of(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
        let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value else { return None };
        attribute.path().is_ident("doc").then(|| text.value())
    });
    lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned()).collect::<Vec<_>>().join("\n")
}

fn is_test(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg") && attribute.meta.to_token_stream().to_string().contains("test")
    };
    attributes.iter().any(is_test)
}

fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

impl Source {
    /// The doc comment of the file, as Markdown.
    pub(crate) fn module_docs(&self) -> String {
        prose(&doc_of(&self.parsed.attrs))
    }

    /// What the file computes: the section `# Form` of its doc comment.
    pub(crate) fn form(&self) -> Option<String> {
        let docs = doc_of(&self.parsed.attrs);
        let (_, form) = docs.split_once("# Form\n")?;
        Some(form.split("\n# ").next().unwrap_or(form).trim().to_owned())
    }

    /// The equations among what the file computes.
    pub(crate) fn equations(&self) -> Vec<String> {
        let form = self.form().unwrap_or_default();
        let blocks = form.split("```text\n").skip(1).filter_map(|block| block.split_once("```"));
        blocks.map(|(equations, _)| equations.trim_end().to_owned()).collect()
    }

    /// The items of the file and of modules inside it, and those that a macro is given;
    /// tests aside.
    fn items(&self) -> Vec<Item> {
        let mut found = Vec::new();
        add_items(&self.parsed.items, &mut found);
        found
    }

    /// The functions and methods of the file.
    pub(crate) fn functions(&self) -> Vec<Documented> {
        let function = |name: &syn::Ident, attributes: &[Attribute]| Documented {
            name: name.to_string(),
            rest: String::new(),
            doc: doc_of(attributes),
        };
        let mut found = Vec::new();
        for item in self.items() {
            match item {
                Item::Fn(item) => found.push(function(&item.sig.ident, &item.attrs)),
                Item::Impl(item) => found.extend(item.items.iter().filter_map(|item| match item {
                    syn::ImplItem::Fn(method) => Some(function(&method.sig.ident, &method.attrs)),
                    _ => None,
                })),
                Item::Trait(item) => found.extend(item.items.iter().filter_map(|item| match item {
                    syn::TraitItem::Fn(method) => Some(function(&method.sig.ident, &method.attrs)),
                    _ => None,
                })),
                _ => {}
            }
        }
        found
    }

    /// The functions of the file whose doc comments state a formula.
    pub(crate) fn formulas(&self) -> Vec<Documented> {
        self.functions().into_iter().filter(|function| states_formula(&function.doc)).collect()
    }

    /// The numbers that the file fixes by name: in `rest`, the value as it is written.
    pub(crate) fn constants(&self) -> Vec<Documented> {
        let mut constants = Constants::default();
        constants.visit_file(&self.parsed);
        constants.0
    }

    /// The variants of an enum: in `rest`, the word or number after `=`, if it has one.
    pub(crate) fn variants(&self, name: &str) -> Vec<Documented> {
        let found = self.items().into_iter().find_map(|item| match item {
            Item::Enum(item) if item.ident == name => Some(item),
            _ => None,
        });
        let found = found.unwrap_or_else(|| panic!("{} has no enum {name}", self.path));
        found.variants.iter().map(documented_variant).collect()
    }

    /// The documented fields of a struct: in `rest`, the type.
    pub(crate) fn fields(&self, name: &str) -> Vec<Documented> {
        let found = self.items().into_iter().find_map(|item| match item {
            Item::Struct(item) if item.ident == name => Some(item),
            _ => None,
        });
        let found = found.unwrap_or_else(|| panic!("{} has no struct {name}", self.path));
        found.fields.iter().filter_map(documented_field).collect()
    }

    /// Whether the file declares the parameters of a mechanism, as in
    /// `... = "exits" { ... }`.
    fn declares_parameters_of(&self, mechanism: &str) -> bool {
        let heading = format!("= \"{mechanism}\" {{");
        self.parsed.items.iter().any(|item| match item {
            Item::Macro(item) => item.mac.tokens.to_string().contains(&heading),
            _ => false,
        })
    }

    /// Whether the file's code, tests aside, names a path such as `Mechanism::Voice`.
    fn mentions(&self, path: &str) -> bool {
        let path = path.replace("::", " :: ");
        let mut code = String::new();
        for item in self.parsed.items.iter().filter(|item| !is_test(attributes_of(item))) {
            code.push_str(&item.to_token_stream().to_string());
            code.push('\n');
        }
        code.match_indices(&path).any(|(at, _)| {
            !code[at + path.len()..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_')
        })
    }
}

fn add_items(items: &[Item], found: &mut Vec<Item>) {
    for item in items.iter().filter(|item| !is_test(attributes_of(item))) {
        match item {
            Item::Mod(item) => add_items(item.content.as_ref().map_or(&[], |(_, items)| items), found),
            // Declarations inside a macro, such as `words! { pub enum ... }`.
            Item::Macro(item) => {
                if let Ok(inside) = syn::parse2::<syn::File>(item.mac.tokens.clone()) {
                    add_items(&inside.items, found);
                }
            }
            item => found.push(item.clone()),
        }
    }
}

fn documented_variant(variant: &syn::Variant) -> Documented {
    let rest = match variant.discriminant.as_ref().map(|(_, value)| value) {
        Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(word), .. })) => word.value(),
        Some(value) => value.to_token_stream().to_string(),
        None => String::new(),
    };
    Documented { name: variant.ident.to_string(), rest, doc: doc_of(&variant.attrs) }
}

fn documented_field(field: &syn::Field) -> Option<Documented> {
    let (name, doc) = (field.ident.as_ref()?.to_string(), doc_of(&field.attrs));
    (!doc.is_empty()).then(|| Documented { name, rest: field.ty.to_token_stream().to_string(), doc })
}

/// A value that is written with a number in front, as it is written.
fn number(value: &Expr) -> Option<String> {
    let span = syn::spanned::Spanned::span(value);
    let text = one_line(&span.source_text()?);
    let starts = text.strip_prefix('-').unwrap_or(&text).starts_with(|first: char| first.is_ascii_digit());
    (starts && !text.starts_with("0x")).then_some(text)
}

fn states_formula(doc: &str) -> bool {
    let operators = [" = ", " + ", " - ", " / ", " (1 - ", "^", "exp(", "sig("];
    let spans: Vec<&str> = doc.split('`').skip(1).step_by(2).collect();
    spans.iter().any(|span| operators.iter().any(|operator| span.contains(operator)))
}

/// Collects constants, also those inside functions; tests aside.
#[derive(Default)]
struct Constants(Vec<Documented>);

impl Constants {
    fn add(&mut self, name: &syn::Ident, value: &Expr, attributes: &[Attribute]) {
        if let Some(rest) = number(value) {
            self.0.push(Documented { name: name.to_string(), rest, doc: doc_of(attributes) });
        }
    }
}

impl<'ast> Visit<'ast> for Constants {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_const(&mut self, constant: &'ast syn::ItemConst) {
        self.add(&constant.ident, &constant.expr, &constant.attrs);
    }

    fn visit_impl_item_const(&mut self, constant: &'ast syn::ImplItemConst) {
        self.add(&constant.ident, &constant.expr, &constant.attrs);
    }
}

/// Collects the calls of a function's body that take the model, in order.
#[derive(Default)]
struct Phases {
    case: Option<String>,
    found: Vec<Phase>,
}

impl<'ast> Visit<'ast> for Phases {
    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let outer = self.case.take();
        let pattern = arm.pat.to_token_stream().to_string();
        self.case = pattern.rsplit("::").next().map(|word| word.trim().to_lowercase());
        syn::visit::visit_arm(self, arm);
        self.case = outer;
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let takes_model = call.args.first().is_some_and(|first| first.to_token_stream().to_string() == "self");
        if let (Expr::Path(path), true) = (call.func.as_ref(), takes_model) {
            let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            if let [.., module, function] = names.as_slice() {
                self.found.push(Phase { module: module.clone(), function: function.clone(), case: self.case.clone() });
            }
        }
        syn::visit::visit_expr_call(self, call);
    }
}

/// The phases of a day: the calls of `Model::step_with` that take the model, in order.
pub(crate) fn phases() -> Vec<Phase> {
    let steps = files().iter().flat_map(Source::items).filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() && is_model(&item.self_ty) => Some(item),
        _ => None,
    });
    let mut bodies = steps.flat_map(|item| item.items).filter_map(|item| match item {
        syn::ImplItem::Fn(method) if method.sig.ident == "step_with" => Some(method.block),
        _ => None,
    });
    let body = bodies.next().expect("the engine has Model::step_with");
    let mut phases = Phases::default();
    body.stmts.iter().for_each(|statement: &Stmt| phases.visit_stmt(statement));
    assert!(!phases.found.is_empty(), "a day has phases");
    phases.found
}

fn is_model(of: &syn::Type) -> bool {
    matches!(of, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Model"))
}

/// Where a function of a module stands, and its doc comment. A module may be a file, or
/// a folder that hands its functions on.
pub(crate) fn find_function(module: &str, function: &str) -> (&'static str, Documented) {
    let (in_file, in_folder) = (format!("{module}.rs"), format!("{module}/"));
    let is_own = |path: &str| {
        let ends_with = |name: &str| path == name || path.ends_with(&format!("/{name}"));
        ends_with(&in_file) || path.starts_with(&in_folder) || path.contains(&format!("/{in_folder}"))
    };
    let own = files().iter().filter(|source| is_own(&source.path));
    let mut found = own.flat_map(|source| source.functions().into_iter().map(|item| (source.path.as_str(), item)));
    let found = found.find(|(_, item)| item.name == function);
    found.unwrap_or_else(|| panic!("the source has no function {module}::{function}"))
}

/// The file that declares the parameters of a mechanism.
pub(crate) fn file_of_mechanism(mechanism: &str) -> &'static str {
    let declares = files().iter().filter(|file| file.declares_parameters_of(mechanism));
    // The files of its parts lie below it.
    let file = declares.min_by_key(|file| file.path.matches('/').count());
    &file.unwrap_or_else(|| panic!("no file declares the parameters of {mechanism}")).path
}

/// The files whose code, tests aside, names a path such as `Mechanism::Voice`, besides some.
pub(crate) fn files_with(path: &str, besides: &[&str]) -> Vec<&'static str> {
    let is_wanted = |file: &&Source| !besides.contains(&file.path.as_str()) && file.mentions(path);
    files().iter().filter(is_wanted).map(|file| file.path.as_str()).collect()
}

/// A file of this text, for tests.
#[cfg(test)]
fn source(text: &str) -> Source {
    Source { path: "test.rs".to_owned(), parsed: syn::parse_file(text).expect("Rust") }
}

#[cfg(test)]
mod tests {
    use allegiance_model::parameters::Parameters;
    use allegiance_model::setup::{BeliefTheory, ExitTheory};

    use super::{file, file_of_mechanism, files, files_with, find_function, phases, prose, source};

    #[test]
    fn the_phases_of_a_day_are_read_in_order_with_their_cases() {
        let phases = phases();
        let at = |module: &str, function: &str| {
            let found = phases.iter().position(|phase| phase.module == module && phase.function == function);
            found.unwrap_or_else(|| panic!("{module}::{function} is not in the day"))
        };
        assert_eq!(at("timeline", "apply"), 0);
        assert!(at("news", "spread") < at("exits", "decide"));
        assert_eq!(at("records", "close_day"), phases.len() - 1);
        assert_eq!(phases[at("operations", "assault")].case.as_deref(), Some("endogenous"));
        assert_eq!(phases[at("observed", "replay")].case.as_deref(), Some("observed"));
        assert_eq!(phases[at("support", "respond")].case, None);
    }

    #[test]
    fn every_phase_says_what_it_does() {
        for phase in phases() {
            let (_, function) = find_function(&phase.module, &phase.function);
            assert!(!function.doc.is_empty(), "{}::{}", phase.module, phase.function);
        }
    }

    /// The words read from the source are those that the program knows.
    #[test]
    fn words_of_enums_are_read_as_compiled() {
        let words = |path, name| file(path).variants(name).into_iter().map(|variant| variant.rest).collect::<Vec<_>>();
        assert_eq!(words("belief/mod.rs", "BeliefTheory"), BeliefTheory::WORDS);
        assert_eq!(words("setup.rs", "ExitTheory"), ExitTheory::WORDS);
    }

    /// What keeps exits from being dropped in silence is the same in a release.
    #[test]
    fn no_check_of_the_engine_depends_on_the_build() {
        for source in files() {
            assert!(!source.mentions("debug_assertions"), "{}", source.path);
            let keeps_bounds = source.path.starts_with("exits/") || source.path.starts_with("belief/");
            let asserts = ["debug_assert", "debug_assert_eq", "debug_assert_ne"].map(|name| source.mentions(name));
            assert!(!(keeps_bounds && asserts.contains(&true)), "{}", source.path);
        }
    }

    #[test]
    fn every_mechanism_has_a_file_with_docs() {
        for info in Parameters::dictionary() {
            let path = file_of_mechanism(info.mechanism);
            assert!(!file(path).module_docs().is_empty(), "{path}");
        }
    }

    #[test]
    fn fields_constants_and_formulas_are_found() {
        let source = source(
            "/// A thing.\npub struct Thing {\n    /// Its size.\n    pub size: f64,\n    bare: u8,\n}\n\
             /// Days.\nconst DAYS: f64 = -30.0 * 2.0;\nconst NAME: &str = \"x\";\n\
             /// Gives `a = b + c`.\nfn formula() {}\n/// Nothing.\nfn plain() {}\n\
             #[cfg(test)]\nmod tests {\n    const HIDDEN: u8 = 1;\n}\n",
        );
        let fields = source.fields("Thing");
        assert_eq!((fields.len(), fields[0].name.as_str(), fields[0].summary().as_str()), (1, "size", "Its size."));
        let constants = source.constants();
        assert_eq!((constants.len(), constants[0].rest.as_str()), (1, "-30.0 * 2.0"));
        let formulas = source.formulas();
        assert_eq!((formulas.len(), formulas[0].name.as_str()), (1, "formula"));
    }

    #[test]
    fn a_form_ends_where_the_next_section_begins_and_its_equations_are_found() {
        let source = source(
            "//! Title.\n//!\n//! # Form\n//! ```text\n//! a = b\n//!     + c\n//! ```\n//!\n//! with `b`.\n//!\n//! # Source\n//! X.\n",
        );
        assert_eq!(source.form().as_deref(), Some("```text\na = b\n    + c\n```\n\nwith `b`."));
        assert_eq!(source.equations(), ["a = b\n    + c"]);
        let docs = source.module_docs();
        assert_eq!(docs, "Title.\n\n**Form.**\n\n```text\na = b\n    + c\n```\n\nwith `b`.\n\n**Source.** X.");
    }

    #[test]
    fn enums_inside_a_macro_are_read_with_their_words() {
        let source = source(
            "words! {\n    /// Kinds.\n    pub enum Kind {\n        /// One.\n        One = \"one\",\n    }\n}\n",
        );
        let variants = source.variants("Kind");
        assert_eq!((variants[0].name.as_str(), variants[0].rest.as_str()), ("One", "one"));
    }

    #[test]
    fn a_name_that_is_the_start_of_another_is_not_found_in_it() {
        let source = source("fn f() { g(Mechanism::VoiceOver); }");
        assert!(source.mentions("Mechanism::VoiceOver") && !source.mentions("Mechanism::Voice"));
        assert!(!files_with("Mechanism::Voice", &["setup.rs"]).is_empty());
    }

    #[test]
    fn doc_comments_become_page_prose() {
        assert_eq!(prose("One [`Setup`].\n\n# Source\nA (2000).\nB."), "One `Setup`.\n\n**Source.** A (2000).\nB.");
    }
}
