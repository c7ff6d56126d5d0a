//! Models run for real: a small published one where it is there, and one of the form of GLiNER
//! that is written here.

use super::*;
use serde_json::{Value as Json, json};

/// Just enough of protocol buffers to write an ONNX file.
mod onnx {
    pub(super) fn number(field: u8, mut value: u64) -> Vec<u8> {
        let mut out = vec![field << 3];
        if field >= 16 {
            out = vec![(field << 3) | 0x80, field >> 4];
        }
        while value >= 0x80 {
            out.push((value as u8 & 0x7f) | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
        out
    }

    pub(super) fn bytes(field: u8, value: &[u8]) -> Vec<u8> {
        let mut out = number(field, value.len() as u64);
        out[0] |= 2;
        out.extend(value);
        out
    }

    pub(super) fn all(parts: &[Vec<u8>]) -> Vec<u8> {
        parts.concat()
    }

    pub(super) fn value(name: &str, kind: u64, rank: usize) -> Vec<u8> {
        let dims: Vec<Vec<u8>> = (0..rank)
            .map(|at| bytes(1, &bytes(2, format!("{name}{at}").as_bytes())))
            .collect();
        let tensor = all(&[number(1, kind), bytes(2, &dims.concat())]);
        all(&[bytes(1, name.as_bytes()), bytes(2, &bytes(1, &tensor))])
    }

    pub(super) fn tensor(name: &str, kind: u64, dims: &[u64], raw: &[u8]) -> Vec<u8> {
        let dims: Vec<Vec<u8>> = dims.iter().map(|dim| number(1, *dim)).collect();
        all(&[
            dims.concat(),
            number(2, kind),
            bytes(8, name.as_bytes()),
            bytes(9, raw),
        ])
    }

    pub(super) fn node(op: &str, inputs: &[&str], output: &str, attribute: Vec<u8>) -> Vec<u8> {
        let inputs: Vec<Vec<u8>> = inputs.iter().map(|i| bytes(1, i.as_bytes())).collect();
        all(&[
            inputs.concat(),
            bytes(2, output.as_bytes()),
            bytes(3, format!("op_{output}").as_bytes()),
            bytes(4, op.as_bytes()),
            attribute,
        ])
    }
}

/// A model with the inputs and outputs of GLiNER for texts of `words` words, which gives these
/// scores, lowered to nought where the mask says that there is no span.
fn gliner(words: u64, scores: &[f32]) -> Vec<u8> {
    use onnx::{all, bytes, node, number, tensor, value};
    let floats = |values: &[f32]| {
        values
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect::<Vec<_>>()
    };
    let wide = [1_i64, words as i64, 12, 1];
    let shape: Vec<u8> = wide.iter().flat_map(|n| n.to_le_bytes()).collect();
    let cast = bytes(5, &all(&[bytes(1, b"to"), number(3, 1), number(20, 2)]));
    let inputs = [
        ("input_ids", 2),
        ("attention_mask", 2),
        ("words_mask", 2),
        ("text_lengths", 2),
        ("span_idx", 3),
        ("span_mask", 2),
    ];
    let mut graph = vec![
        bytes(1, &node("Cast", &["span_mask"], "mask", cast)),
        bytes(1, &node("Reshape", &["mask", "wide"], "open", vec![])),
        bytes(1, &node("Sub", &["open", "one"], "shut", vec![])),
        bytes(1, &node("Mul", &["shut", "much"], "low", vec![])),
        bytes(1, &node("Add", &["scores", "low"], "logits", vec![])),
        bytes(2, b"test"),
        bytes(5, &tensor("wide", 7, &[4], &shape)),
        bytes(5, &tensor("one", 1, &[1], &floats(&[1.0]))),
        bytes(5, &tensor("much", 1, &[1], &floats(&[100.0]))),
        bytes(
            5,
            &tensor(
                "scores",
                1,
                &[1, words, 12, WANTED.len() as u64],
                &floats(scores),
            ),
        ),
    ];
    graph.extend(inputs.map(|(name, rank)| bytes(11, &value(name, 7, rank))));
    graph.push(bytes(12, &value("logits", 1, 4)));
    all(&[
        number(1, 8),
        bytes(7, &graph.concat()),
        bytes(8, &all(&[bytes(1, b""), number(2, 13)])),
    ])
}

fn tokenizer(vocab: &Json, unknown: &str, lower: bool) -> Json {
    let split =
        json!({"type":"Split","pattern":{"Regex":"."},"behavior":"Isolated","invert":false});
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": if lower { json!({"type":"Lowercase"}) } else { Json::Null },
        "pre_tokenizer": if lower { split } else { Json::Null },
        "post_processor": null, "decoder": null,
        "model": {"type":"WordLevel","vocab":vocab,"unk_token":unknown},
    })
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

#[test]
fn a_model_of_the_form_of_gliner_names_spans() {
    let text = "한국 Zyx Qwv visited Tumen.";
    let labels = WANTED.len();
    let mut scores = vec![-5.0_f32; 6 * 12 * labels];
    let mut set = |word: usize, width: usize, label: usize, score: f32| {
        scores[(word * 12 + width) * labels + label] = score;
    };
    set(1, 1, 0, 4.0);
    set(1, 0, 0, 3.0);
    set(4, 0, 2, 5.0);
    set(5, 7, 1, 50.0);
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "model.onnx", gliner(6, &scores));
    let vocab = json!({"[UNK]": 0, "<<ENT>>": 1, "<<SEP>>": 2});
    write(
        folder.path(),
        "tokenizer.json",
        tokenizer(&vocab, "[UNK]", false).to_string(),
    );
    let model = Model::load(&path).expect("a model");
    let named = model.named(text).expect("a run");
    let got: Vec<_> = named
        .iter()
        .map(|n| (n.label.as_str(), n.start, n.end, n.text.as_str()))
        .collect();
    assert_eq!(
        got,
        [("person", 3, 10, "Zyx Qwv"), ("location", 19, 24, "Tumen")]
    );
    // The scores fit this length of text alone: another is a fault, not a wrong answer.
    assert!(model.named("Two words").is_err());
    assert_eq!(model.named(""), Ok(vec![]));
}

#[test]
fn what_is_no_model_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.onnx");
    let fault = |path: &Path| Model::load(path).err().map(|fault| fault.to_string());
    assert!(fault(&path).is_some_and(|f| f.contains("cannot be read")));
    write(folder.path(), "model.onnx", "no model");
    assert!(fault(&path).is_some_and(|f| f.contains("`tokenizer.json` is missing")));
    write(folder.path(), "tokenizer.json", "{}");
    assert!(fault(&path).is_some_and(|f| f.contains("`tokenizer.json` is not of the form")));
    let vocab = json!({"[UNK]": 0});
    write(
        folder.path(),
        "tokenizer.json",
        tokenizer(&vocab, "[UNK]", false).to_string(),
    );
    assert!(fault(&path).is_some_and(|f| f.contains("no model that this program can run")));
    let whole = gliner(1, &vec![0.0; 12 * WANTED.len()]);
    for cut in [1, whole.len() / 3, whole.len() / 2] {
        write(folder.path(), "model.onnx", &whole[..cut]);
        assert!(fault(&path).is_some(), "cut at {cut}");
    }
    write(
        folder.path(),
        "gliner_config.json",
        r#"{"max_width":100000000}"#,
    );
    write(folder.path(), "model.onnx", &whole);
    assert!(fault(&path).is_some_and(|f| f.contains("out of reason")));
}

/// A cutter of Khmer into words: a transformer of 1.7 million weights, which lie in a file of their
/// own; small, real, and exported by others. The cuts wanted are those of onnxruntime 1.x.
#[test]
fn a_small_published_model_runs() {
    let models = std::env::var_os("TUMEN_TEST_MODELS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/models"),
        PathBuf::from,
    );
    let own = models.join("khmersm/khmersm");
    let Ok(config) = std::fs::read_to_string(own.join("config.json")) else {
        eprintln!(
            "NOT TESTED: no model in {}; `.ci/run` puts one there",
            models.display()
        );
        return;
    };
    let config: Json = serde_json::from_str(&config).expect("its config");
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["model.onnx", "model.onnx.data"] {
        std::fs::copy(own.join(name), folder.path().join(name)).expect("a copy");
    }
    write(
        folder.path(),
        "config.json",
        r#"{"id2label":{"0":"B","1":"I"}}"#,
    );
    let tokenizer = tokenizer(&config["char2id"], "<unk>", true);
    write(folder.path(), "tokenizer.json", tokenizer.to_string());
    let model = Model::load(&folder.path().join("model.onnx")).expect("a model");
    for wanted in ["ខ្ញុំ|ស្រលាញ់|ប្រទេស|កម្ពុជា", "អធិការដ្ឋាន|ន|គរបាល|ស្រុក"]
    {
        let text = wanted.replace('|', "");
        let named = model.named(&text).expect("a run");
        let words: Vec<&str> = named.iter().map(|n| n.text.as_str()).collect();
        assert_eq!(words.join("|"), wanted);
        let chars: Vec<char> = text.chars().collect();
        for one in &named {
            let read: String = chars[one.start as usize..one.end as usize].iter().collect();
            assert_eq!(read, one.text);
        }
    }
}
