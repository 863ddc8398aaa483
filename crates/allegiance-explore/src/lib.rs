//! The explore page of Allegiance: finished runs, shown in a browser on the same
//! machine, or as the files of a site ([`files_of`]).
//!
//! [`serve`] answers on the loopback interface only, and only to the page that
//! it serves itself: it checks `Host`, `Origin` and `Sec-Fetch-Site`, sends a
//! strict content security policy, reads nothing but the runs that it was
//! given, and writes nothing. No path of a file is ever taken from a request.
//!
//! Not here: reading scenarios, arguments, printing, opening a browser.

mod api;
mod assets;
mod connections;
mod exhibit;
mod guard;
mod interrupt;
mod kept;
mod packed;
mod serve;
mod site;

pub use exhibit::{Exhibit, Exhibition, Origin, ShowRunsError};
pub use interrupt::Interrupt;
pub use serve::{Door, ServeError, serve};
pub use site::files_of;
