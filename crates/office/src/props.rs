//! What an OOXML package says about itself: core, extended and custom properties
//! (ECMA-376 part 2 §11, part 1 §22.2 and §22.3).

use casefile::Field;

use crate::job::Job;
use crate::package::{Package, Relations};
use crate::xml::{Token, Xml};

pub(crate) fn read(package: &mut Package<'_>, root: &Relations, job: &mut Job<'_>) {
    let part = |kind: &str, usual: &str| {
        root.parts(kind)
            .next()
            .map_or_else(|| usual.to_owned(), str::to_owned)
    };
    if let Some(xml) = package.xml(&part("core-properties", "docProps/core.xml")) {
        core(xml, job);
    }
    if let Some(xml) = package.xml(&part("extended-properties", "docProps/app.xml")) {
        extended(xml, job);
    }
    if let Some(xml) = package.xml(&part("custom-properties", "docProps/custom.xml")) {
        custom(xml, job);
    }
}

fn core(mut xml: Xml<'_>, job: &mut Job<'_>) {
    loop {
        let (field, name) = match xml.next() {
            Token::Open(tag) => match tag.name() {
                "title" => (Field::Title, "title"),
                "creator" => (Field::Author, "creator"),
                "lastModifiedBy" => (Field::Editor, "lastModifiedBy"),
                "created" => (Field::Created, "created"),
                "modified" => (Field::Modified, "modified"),
                "subject" => (Field::Subject, "subject"),
                "description" => (Field::Description, "description"),
                "keywords" => (Field::Keywords, "keywords"),
                "language" => (Field::Language, "language"),
                "category" => (Field::Other, "category"),
                "contentStatus" => (Field::Other, "contentStatus"),
                "lastPrinted" => (Field::Other, "lastPrinted"),
                "revision" => (Field::Other, "revision"),
                "identifier" => (Field::Other, "identifier"),
                "version" => (Field::Other, "version"),
                _ => continue,
            },
            Token::End => break,
            _ => continue,
        };
        let value = xml.text();
        job.note(field, &value, &format!("OOXML core property {name}"));
    }
}

fn extended(mut xml: Xml<'_>, job: &mut Job<'_>) {
    let (mut program, mut version) = (String::new(), String::new());
    loop {
        let (field, name) = match xml.next() {
            Token::Open(tag) => match tag.name() {
                "Application" => {
                    program = xml.text();
                    continue;
                }
                "AppVersion" => {
                    version = xml.text();
                    continue;
                }
                "Pages" => (Field::Pages, "Pages"),
                "Slides" => (Field::Pages, "Slides"),
                "Company" => (Field::Other, "Company"),
                "Manager" => (Field::Other, "Manager"),
                "Template" => (Field::Other, "Template"),
                "TotalTime" => (Field::Other, "TotalTime"),
                "HyperlinkBase" => (Field::Other, "HyperlinkBase"),
                _ => continue,
            },
            Token::End => break,
            _ => continue,
        };
        let value = xml.text();
        if !(field == Field::Pages && value.trim() == "0") {
            job.note(field, &value, &format!("OOXML extended property {name}"));
        }
    }
    let both = format!("{} {}", program.trim(), version.trim());
    job.note(
        Field::Software,
        &both,
        "OOXML extended property Application",
    );
}

fn custom(mut xml: Xml<'_>, job: &mut Job<'_>) {
    let mut name = String::new();
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "property" => name = tag.attr("name").unwrap_or_default().into_owned(),
                "Properties" | "vector" | "array" => {}
                "blob" | "oblob" | "stream" | "ostream" | "storage" | "ostorage" => xml.skip(),
                _ => {
                    let value = xml.text();
                    job.note_once(
                        Field::Other,
                        &value,
                        &format!("OOXML custom property {name}"),
                    );
                }
            },
            Token::End => break,
            _ => {}
        }
    }
}
