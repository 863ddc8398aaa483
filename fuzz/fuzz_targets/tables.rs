//! Tables of a finished run, as Parquet.

#![no_main]

use std::panic;
use std::sync::{LazyLock, Once};

use allegiance_fixtures::Folder;
use allegiance_runs::parquet_table::is_decoding;
use allegiance_runs::read_run::TableFile;
use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<Folder> = LazyLock::new(Folder::new);
static HOOK: Once = Once::new();

fuzz_target!(|input: &[u8]| {
    // The library that decodes panics on some damaged files, which is caught and told as
    // damage; the fuzzer would end at every such panic.
    HOOK.call_once(|| {
        let abort = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !is_decoding() {
                abort(info);
            }
        }));
    });
    FOLDER.write("table.parquet", input);
    let Ok(file) = TableFile::open(&FOLDER.path().join("table.parquet")) else { return };
    file.row_groups(Some(1)).ok();
    for group in file.row_groups(None).unwrap_or_default() {
        file.read(group).ok();
    }
});
