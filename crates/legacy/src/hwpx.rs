use casefile::{Emit, Input, Outcome, Reading, Stop};
pub fn read(_input: &mut Input<'_>, _emit: Emit<'_>) -> Result<Reading, Stop> {
    Ok(Reading::failed("application/octet-stream", Outcome::Unsupported, "not yet read"))
}
pub(crate) fn is_hwpx(_bytes: &mut dyn casefile::ReadSeek) -> bool { false }
