package io.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarSyntaxTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= \"yes\" | \"no\"",
                "# a comment\nroot ::= item+ # another\n\nitem ::= [a-z]{2,5} \" \"?\n",
                "root ::= (\n  \"a\"\n  | \"b\" .\n)* \"\\n\"",
                "root ::= [^\"\\\\\\x7F\\u00e9-] list\nlist ::= \"\" | \"x\" list",
                "root ::= <[13]> !<[14]> \"\"\r\n",
                "root ::= a{3} a{0,2} a{1,}\na ::= \"[\" \"\\\"\" \"]\"",
            })
    void aGrammarIsTaken(String gbnf) {
        assertThat(new OutputFormat.Grammar(gbnf).gbnf()).isEqualTo(gbnf);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            value = {
                "a ::= \"x\" @ a rule named root",
                "`` @ a rule named root",
                "root ::= \"x @ line 1, column 10: it has a \" without its \"",
                "root ::= [a-z @ line 1, column 10: it has a [ without its ]",
                "root ::= (\"a\" @ has a ( without its )",
                "root ::= item @ line 1, column 10: it uses the rule item, which it does not have",
                "root = \"x\" @ line 1, column 6: it needs a rule",
                "root ::= * @ with nothing before it to repeat",
                "root ::= \"a\"{x} @ a { that begins no count",
                "root ::= \"a\"{2001} @ more than 2000 times",
                "root ::= \"\\q\" @ an escape that is not known: \\q",
                "root ::= \"a\" ) @ has ')' where the rule root should go on or end",
                "root ::= root \"a\" @ no rule that begins with itself, as root does",
                "`root ::= \"a\"? b\nb ::= root` @ no rule that begins with itself",
                "root ::= < @ a < that begins no token",
            })
    void aWrongGrammarIsRefusedWithItsPlace(String gbnf, String words) {
        assertThatThrownBy(() -> new OutputFormat.Grammar(gbnf))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageStartingWith("grammar ")
                .hasMessageContaining(words);
    }

    @Test
    void aGrammarOfManyBracketsIsRefusedWithoutAnOverflow() {
        assertThatThrownBy(() -> new OutputFormat.Grammar("root ::= " + "(".repeat(100_000)))
                .hasMessageContaining("deeper than 100");
    }

    @Test
    void aSchemaMustBeAnObjectAndHoldNoNul() {
        assertThatThrownBy(() -> new OutputFormat.JsonSchema("[]")).hasMessageContaining("JSON object");
        assertThatThrownBy(() -> new OutputFormat.JsonSchema("{\0}")).hasMessageContaining("NUL");
    }

    @Test
    void aFormatAndIgnoreEosDoNotGoTogether() {
        AnswerOptions json = new AnswerOptions(new OutputFormat.JsonObject(), AnswerOptions.NONE.topLogprobs(), "", 0);
        SamplingParams params = SamplingParams.DEFAULTS.with(json);
        assertThat(params.answer().constrained()).isTrue();
        assertThatThrownBy(() -> new SamplingParams(
                        8, 0, 0, 1, 0, 1, 0, 0, 0, params.logitBias(), params.seed(), params.stop(), 1, true, json))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("ignore_eos");
    }
}
