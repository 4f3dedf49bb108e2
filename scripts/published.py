"""Published figures on Spider dev that ours are compared with, each with where it was read."""

from __future__ import annotations

from typing import NamedTuple


class Published(NamedTuple):
    """match: exact set match without values; execution: with values. Both in percent, None where none was found."""

    system: str
    setting: str
    match: float | None
    execution: float | None
    source: str


WITHOUT_LANGUAGE_MODEL = (
    Published("Seq2Seq with copying, SQL tokens", "2018 baseline", 4.1, None, "IRNet (Guo et al., ACL 2019), table 1"),
    Published("BRIDGE without BERT", "BiLSTM, SQL tokens, mean of 3", 17.7, None, "BRIDGE (Lin et al., EMNLP Findings 2020), table 6"),
    Published("SyntaxSQLNet, augmented", "GloVe, template augmentation", 24.8, None, "IRNet, table 1"),
    Published("EditSQL", "no language model", 36.4, None, "LGESQL (Cao et al., ACL 2021), table 2"),
    Published("GNN", "random embeddings", 40.7, None, "LGESQL, table 2; the authors' repository gives 47.5"),
    Published("Global-GNN, re-ranked", "random embeddings; the parser alone 49.3", 52.7, None, "its repository; LGESQL, table 2"),
    Published("IRNet", "GloVe, no cells", 53.2, None, "its repository; RAT-SQL, table 2"),
    Published("RAT-SQL", "GloVe, mean of 5 seeds; best of a sweep 62.7", 60.5, None, "RAT-SQL (Wang et al., ACL 2020), tables 2 and 4"),
    Published("RGATSQL", "GloVe, beam 5, mean of 5", 66.2, None, "LGESQL, table 4"),
    Published("LGESQL", "GloVe, beam 5; mean 67.4", 67.6, None, "LGESQL, table 2"),
    Published("RAT-SQL + NatSQL", "GloVe", None, 67.3, "NatSQL (Gan et al., EMNLP Findings 2021), read second-hand"),
)
WITH_LANGUAGE_MODEL = (
    Published("RAT-SQL + BERT-large", "0.35 billion parameters", 69.7, None, "LGESQL, table 2"),
    Published("BRIDGE + BERT-large", "0.35 billion parameters, values", 70.0, 68.0, "its repository"),
    Published("SmBoP + GraPPa", "0.37 billion parameters, values, beam 30", 74.7, 75.0, "its repository"),
    Published("LGESQL + ELECTRA-large", "0.35 billion parameters", 75.1, None, "LGESQL, table 2"),
    Published("T5-base + PICARD", "220 million parameters, no cells", 65.8, 68.4, "PICARD (Scholak et al., EMNLP 2021)"),
    Published("RESDSQL-base + NatSQL", "220 million parameters and a RoBERTa-large ranker", 74.1, 80.2, "its repository"),
)
