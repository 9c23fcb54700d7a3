//! The two languages that persons read. Texts live in `locales/` as Fluent; [`say!`] fills one in.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// A language that the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Language {
    /// Chinese as written in mainland China.
    #[default]
    Zh,
    /// English.
    En,
}

/// The text files of a language, by name.
pub(crate) type Texts = [(&'static str, &'static str); 5];

const ZH: Texts = [
    ("main.ftl", include_str!("../locales/zh-CN/main.ftl")),
    ("help.ftl", include_str!("../locales/zh-CN/help.ftl")),
    ("words.ftl", include_str!("../locales/zh-CN/words.ftl")),
    ("errors.ftl", include_str!("../locales/zh-CN/errors.ftl")),
    ("demo.ftl", include_str!("../locales/zh-CN/demo.ftl")),
];
const EN: Texts = [
    ("main.ftl", include_str!("../locales/en/main.ftl")),
    ("help.ftl", include_str!("../locales/en/help.ftl")),
    ("words.ftl", include_str!("../locales/en/words.ftl")),
    ("errors.ftl", include_str!("../locales/en/errors.ftl")),
    ("demo.ftl", include_str!("../locales/en/demo.ftl")),
];

type Bundle = FluentBundle<FluentResource>;
static ZH_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle("zh-CN", &ZH));
static EN_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle("en", &EN));

/// What cannot be read or repeats an earlier key is left out; the catalogue's test sees that none is.
fn bundle(locale: &str, texts: &Texts) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![locale.parse().unwrap_or_default()]);
    // Tables are aligned by width: no invisible marks around what is filled in.
    bundle.set_use_isolating(false);
    for (_, text) in texts {
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new((*text).to_owned());
        let _ = bundle.add_resource(resource);
    }
    bundle
}

impl Language {
    /// The language that the environment asks for: what `LC_ALL`, `LC_MESSAGES` or `LANG` begins with, and
    /// Chinese where it says neither.
    #[must_use]
    pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"];
        let asked = set.into_iter().filter_map(variable).find(|value| !value.is_empty());
        asked.and_then(|value| value.parse().ok()).unwrap_or_default()
    }

    /// The same language as the core's own catalogue of matters has it.
    #[must_use]
    pub(crate) fn tongue(self) -> sanben_domain::matter::Tongue {
        match self {
            Self::Zh => sanben_domain::matter::Tongue::Chinese,
            Self::En => sanben_domain::matter::Tongue::English,
        }
    }

    /// The text of a key with its gaps filled; the key itself where there is none. Use [`say!`].
    #[must_use]
    pub(crate) fn text(self, key: &str, args: &FluentArgs<'_>) -> String {
        self.find(key, None, args).unwrap_or_else(|| key.to_owned())
    }

    /// The text of a key, or of one attribute of it.
    pub(crate) fn find(self, key: &str, attribute: Option<&str>, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = match self {
            Self::Zh => &*ZH_BUNDLE,
            Self::En => &*EN_BUNDLE,
        };
        let message = bundle.get_message(key)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        Some(bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned())
    }

    /// Its text files.
    #[cfg(test)]
    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let text = text.to_ascii_lowercase();
        match text.get(..2) {
            Some("zh") => Ok(Self::Zh),
            Some("en") => Ok(Self::En),
            _ => Err(UnknownLanguage),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zh => "zh",
            Self::En => "en",
        })
    }
}

/// Neither Chinese nor English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such language: zh or en")]
pub(crate) struct UnknownLanguage;

/// A text of the catalogue: `say!(language, "key", name = value, …)`. Numbers are passed as numbers, so
/// that English can say "1 photo" and "2 photos".
macro_rules! say {
    ($language:expr, $key:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        #[allow(unused_mut, reason = "a text without gaps")]
        let mut args = fluent_bundle::FluentArgs::new();
        $( args.set(stringify!($name), $value); )*
        $language.text($key, &args)
    }};
}
pub(crate) use say;
