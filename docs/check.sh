#!/usr/bin/env bash
# Checks the documents against the program and the source:
#
# 1. every relative link leads somewhere;
# 2. every file of the project named in backquotes exists;
# 3. every command in a console block is one that the program knows, with
#    every option, and every built-in scenario named in one exists;
# 4. every parameter named in backquotes is in the dictionary (or an outcome, or a rule of a theory), and every
#    mechanism with parameters has its place in docs/concepts/model.md;
# 5. every Rust name in backquotes in ARCHITECTURE.md occurs in the source;
# 6. "evidence A7" and "MODEL 5" in the source lead to a section or row of the pages
#    docs/concepts/evidence.md and docs/concepts/model.md.
#
#   docs/check.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/.."
program=${1:?the path of the program allegiance is missing}
n_problems=0

problem() {
    printf '%s\n' "$*" >&2
    n_problems=$((n_problems + 1))
}

subcommands=$("$program" help | sed -n '/^Commands:/,/^$/p' | awk '/^  [a-z]/ && $1 != "help" { print $1 }')
pages=$(git ls-files --cached --others --exclude-standard -- '*.md' ':!crates' ':!xtask' ':!docs/site')

# Backquoted words of a page outside its code blocks.
words() {
    awk '/^```/ { inside = !inside; next } !inside' "$1" | grep -oE '`[^`]+`' | tr -d '`' | sort -u
}

# Lines of a page's console blocks.
console() {
    awk '/^```/ { inside = ($0 ~ /^```(console|sh|bash)/); next } inside' "$1" | sed -E 's/^\$ //; s/ *#.*$//'
}

mapfile -t parameters < <("$program" parameters --format json | sed -n 's/^ *"parameter": "\(.*\)",*$/\1/p')
known=$(printf '%s\n' "${parameters[@]}")
outcomes=$("$program" outcomes --format json | sed -n 's/^ *"name": "\(.*\)",*$/\1/p')
# Rules of theories in files, from the generated page.
rules=$(sed -n 's/^| `\([a-z]*\.[a-z_]*\)` |.*$/\1/p' docs/reference/theory-format.md)
is_parameter() { grep -qxF -- "$1" <<<"$known" || grep -qxF -- "$1" <<<"$outcomes" || grep -qxF -- "$1" <<<"$rules"; }
mechanisms=$(cut -d. -f1 <<<"$known" | sort -u)
scenarios=$("$program" scenarios --format json | sed -n 's/^ *"id": "\(.*\)",*$/\1/p')

for page in $pages; do
    folder=$(dirname "$page")
    while read -r target; do
        case $target in http*|mailto:*|'#'*|'') continue ;; esac
        [ -e "$folder/${target%%#*}" ] || problem "$page: the link $target leads nowhere"
    done < <(awk '/^```/ { inside = !inside; next } !inside' "$page" | grep -oE '\]\([^)]+\)|(src|href|srcset)="[^"]+"' | sed -E 's/^\]\(//; s/\)$//; s/^[a-z]+="//; s/"$//')

    while read -r word; do
        case $word in
        crates/*|docs/*|.ci/*)
            compgen -G "${word%%[: ]*}" >/dev/null || problem "$page: there is no $word" ;;
        *.*.*|*' '*) ;;
        *.*)
            if [[ $word =~ ^[a-z_]+\.[a-z_0-9]+$ ]] && grep -qx "${word%%.*}" <<<"$mechanisms" && [[ $word != *.@(rs|csv|toml|json|md|parquet) ]]; then
                is_parameter "$word" || problem "$page: there is no parameter $word"
            fi ;;
        esac
    done < <(words "$page")

    while read -r line; do
        case $line in
        'allegiance '*) line=${line#allegiance } ;;
        'cargo run --release -- '*) line=${line#cargo run --release -- } ;;
        *) continue ;;
        esac
        sub=${line%% *}
        [[ $sub == -* || $sub == help ]] && continue
        grep -qx "$sub" <<<"$subcommands" || { problem "$page: there is no command allegiance $sub"; continue; }
        help=$("$program" help "$sub")
        # A command of commands, such as data: the second word is the one that counts.
        nested=$(sed -n '/^Commands:/,/^$/p' <<<"$help" | awk '/^  [a-z]/ && $1 != "help" { print $1 }')
        # Some take a command or do their own work, such as theories.
        if [ -n "$nested" ]; then
            rest=${line#* }
            if grep -qx -- "${rest%% *}" <<<"$nested"; then
                help=$("$program" help "$sub" "${rest%% *}")
            elif ! grep -q '^ *allegiance '"$sub"' <COMMAND>' <<<"$help"; then
                problem "$page: there is no command allegiance $sub ${rest%% *}"
                continue
            fi
        fi
        for option in $(grep -oE -- '--[a-z-]+' <<<"$line"); do
            grep -q -- "$option\b" <<<"$help" || problem "$page: allegiance $sub has no option $option"
        done
        if [[ $sub == run || $sub == check ]]; then
            name=$(awk '{ print $2 }' <<<"$line")
            [[ $name == */* || $name == my-* ]] || grep -qF "\`$name/scenario.toml\`" "$page" || grep -qF "allegiance new $name" "$page" || grep -qx -- "$name" <<<"$scenarios" || problem "$page: there is no scenario $name"
        fi
    done < <(console "$page")
done

for mechanism in $mechanisms; do
    grep -q "\`$mechanism\.\*\`" docs/concepts/model.md || problem "docs/concepts/model.md doesn't say where \`$mechanism.*\` belongs"
done

while read -r word; do
    [[ $word =~ ^([A-Z][A-Za-z]+|[a-z_]+)(::[A-Za-z_]+)*(\(\))?$ ]] || continue
    [[ $word == *::* || $word =~ ^[A-Z][a-z]+[A-Z] ]] || continue
    for part in $(tr -d '()' <<<"${word//::/ }"); do
        grep -rqw -- "$part" crates --include=*.rs --include=*.toml || problem "ARCHITECTURE.md: $part (in $word) isn't in the source"
    done
done < <(words ARCHITECTURE.md)

for item in $(grep -rhoE 'evidence [A-C][0-9]+' crates --include='*.rs' --include='*.toml' | cut -d' ' -f2 | sort -u); do
    grep -qE "^### $item |^\\| $item \\|" docs/concepts/evidence.md || problem "docs/concepts/evidence.md has nothing on $item, which the source cites"
done
for item in $(grep -rhoE 'MODEL(\.md)? [0-9]+' crates --include='*.rs' | grep -oE '[0-9]+$' | sort -un); do
    grep -qE "^## $item\\. " docs/concepts/model.md || problem "docs/concepts/model.md has no section $item, which the source cites"
done

if [ "$n_problems" -gt 0 ]; then
    echo "$n_problems problems in the documents" >&2
    exit 1
fi
