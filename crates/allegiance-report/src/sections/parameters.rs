//! Every parameter, those changed first.

use crate::facts::ReportFacts;
use crate::html::{folded_table, table, texts};
use allegiance_model::parameters::{ParameterInfo, ParameterSet as _, Parameters, Tag};
use allegiance_record::observe::ObservationParameters;
use maud::{Markup, html};

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    let value = |info: &ParameterInfo| {
        let path = info.path();
        let observed = facts.manifest.observation.get(&path).copied();
        observed.or_else(|| facts.setup.parameters.value(&path)).unwrap_or(info.default)
    };
    let all: Vec<(&ParameterInfo, f64)> =
        Parameters::dictionary().chain(ObservationParameters::INFO).map(|info| (info, value(info))).collect();
    let (changed, kept): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(info, value)| value.to_bits() != info.default.to_bits());
    let n_of = |tag: Tag| changed.iter().chain(&kept).filter(|(info, _)| info.tag == tag).count();
    let rows = |of: &[(&ParameterInfo, f64)]| of.iter().map(|(info, value)| row(info, *value)).collect::<Vec<_>>();
    let header = texts(["parameter", "value", "default", "unit", "tag", "meaning", "source of the default"]);
    html! {
        p {
            (Parameters::dictionary().count()) " parameters of the model and " (ObservationParameters::INFO.len())
            " of how the war is reported. Of these " (changed.len() + kept.len()) ", " (n_of(Tag::Sourced)) " defaults are sourced, " (n_of(Tag::Derived))
            " derived from sourced numbers, and " (n_of(Tag::Judgement)) " are judgements: no usable number was found for them. "
            (changed.len()) " differ from their defaults in this run."
        }
        @if !changed.is_empty() { (table("Parameters off their defaults", &header, &rows(&changed))) }
        (folded_table(&format!("All others, at their defaults ({})", kept.len()), "Parameters at their defaults", &header, &rows(&kept)))
    }
}

fn row(info: &ParameterInfo, value: f64) -> Vec<String> {
    vec![
        info.path(),
        value.to_string(),
        info.default.to_string(),
        info.unit.to_owned(),
        info.tag.word().to_owned(),
        info.meaning.trim().to_owned(),
        info.source.to_owned(),
    ]
}
