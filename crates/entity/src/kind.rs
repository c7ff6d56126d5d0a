//! The types of values.

use serde::Deserialize;

/// The type of a property's values: the closed list of FollowTheMoney.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Address,
    Checksum,
    Country,
    Date,
    Email,
    Entity,
    Gender,
    Html,
    Identifier,
    Ip,
    Json,
    Language,
    Mimetype,
    Name,
    Number,
    Phone,
    String,
    Text,
    Topic,
    Url,
}

impl Kind {
    /// All of them, by name.
    pub const ALL: [Self; 20] = [
        Self::Address,
        Self::Checksum,
        Self::Country,
        Self::Date,
        Self::Email,
        Self::Entity,
        Self::Gender,
        Self::Html,
        Self::Identifier,
        Self::Ip,
        Self::Json,
        Self::Language,
        Self::Mimetype,
        Self::Name,
        Self::Number,
        Self::Phone,
        Self::String,
        Self::Text,
        Self::Topic,
        Self::Url,
    ];

    /// The name in FollowTheMoney.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Checksum => "checksum",
            Self::Country => "country",
            Self::Date => "date",
            Self::Email => "email",
            Self::Entity => "entity",
            Self::Gender => "gender",
            Self::Html => "html",
            Self::Identifier => "identifier",
            Self::Ip => "ip",
            Self::Json => "json",
            Self::Language => "language",
            Self::Mimetype => "mimetype",
            Self::Name => "name",
            Self::Number => "number",
            Self::Phone => "phone",
            Self::String => "string",
            Self::Text => "text",
            Self::Topic => "topic",
            Self::Url => "url",
        }
    }
}
