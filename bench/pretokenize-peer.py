"""How fast the tokenizer of the Python original is: SentencePiece on text split at the special tokens, in one process.

    python bench/pretokenize-peer.py VOCABULARY.gguf CHATS.jsonl...

Needs the packages sentencepiece, protobuf and gguf. The vocabulary is the GGUF file that Millrace reads, written as a SentencePiece
model; the chats are lines {"text"} as --write-json writes them. The original tokenises every chat twice, turns apart and
joined, to compare them; here it is done once, and reading, roles and writing are left out.
"""

import hashlib
import json
import re
import sys
import time

import sentencepiece
from gguf import GGUFReader
from sentencepiece import sentencepiece_model_pb2

MARKERS = re.compile(r"(<\|im_start\|>|<\|im_end\|>)")


def model_of(path):
    fields = GGUFReader(path).fields
    tokens, scores, types = (fields["tokenizer.ggml." + key] for key in ("tokens", "scores", "token_type"))
    model = sentencepiece_model_pb2.ModelProto()
    for i, part in enumerate(tokens.data):
        piece = model.pieces.add()
        piece.piece = bytes(tokens.parts[part]).decode()
        piece.score = float(scores.parts[scores.data[i]][0])
        piece.type = int(types.parts[types.data[i]][0])  # the numbers are the same
    model.trainer_spec.model_type = 2  # BPE
    model.trainer_spec.byte_fallback = True
    model.trainer_spec.vocab_size = len(model.pieces)
    model.trainer_spec.pad_id = -1
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = False
    return sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString())


def main():
    tokenizer = model_of(sys.argv[1])
    size = tokenizer.vocab_size()
    # As the original adds them: <CLS>, <SEP>, <EOD>, <MASK> and <PAD> come first.
    special = {"<|im_start|>": size + 5, "<|im_end|>": size + 6}
    texts = [json.loads(line)["text"] for path in sys.argv[2:] for line in open(path, encoding="utf-8")]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    ids = 0
    digest = hashlib.sha256()
    start = time.perf_counter()
    chats = []
    for text in texts:
        chat = []
        for part in MARKERS.split(text):
            if part in special:
                chat.append(special[part])
            elif part:
                chat.extend(tokenizer.encode_as_ids(part))
        chats.append(chat)
    seconds = time.perf_counter() - start
    for chat in chats:
        ids += len(chat)
        for token in chat:
            digest.update(token.to_bytes(2, "little"))
    print(f"{megabytes:.1f} MB, {ids} ids in {seconds:.1f} s: {megabytes / seconds:.1f} MB/s; ids' sha256 {digest.hexdigest()}")


main()
