package io.millrace.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessTest {
    private static final String TOKEN = "0123456789abcdef";

    @Test
    void thisMachineAloneNeedsNoToken() {
        for (String host : new String[] {"127.0.0.1", "localhost", "127.0.0.9", "::1"}) {
            assertThat(new Access(host, Optional.empty()).wantsToken()).as(host).isFalse();
        }
    }

    @Test
    void otherMachinesNeedOne() {
        for (String host : new String[] {"0.0.0.0", "::", "192.0.2.7"}) {
            assertThatThrownBy(() -> new Access(host, Optional.empty()))
                    .as(host)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("--token-file")
                    .hasMessageContaining("MILLRACE_DASHBOARD_TOKEN");
        }
        assertThatThrownBy(() -> new Access("nowhere.invalid", Optional.empty()))
                .hasMessageContaining("there is no host nowhere.invalid");
    }

    @Test
    void aShortTokenIsRefusedWithoutBeingRepeated() {
        assertThatThrownBy(() -> new Access("0.0.0.0", Optional.of("hunter2")))
                .hasMessageContaining("the token has 7 characters")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aNameThatIsNotThisMachinesIsUnknown() {
        Access access = new Access("127.0.0.1", Optional.empty());

        for (String host : new String[] {"127.0.0.1:8090", "localhost:9999", "LOCALHOST", "[::1]:8090"}) {
            assertThat(access.knowsHost(host)).as(host).isTrue();
        }
        for (String host : new String[] {"evil.example", "evil.example:8090", "127.0.0.1.evil.example", ""}) {
            assertThat(access.knowsHost(host)).as(host).isFalse();
        }
        assertThat(new Access("0.0.0.0", Optional.of(TOKEN)).knowsHost("gpu.example"))
                .isTrue();
    }

    @Test
    void theTokenOrALoginByItPermits() {
        Access access = new Access("0.0.0.0", Optional.of(TOKEN));
        String session = access.login(TOKEN).orElseThrow();

        assertThat(session).doesNotContain(TOKEN);
        assertThat(access.login(TOKEN + "0")).isEmpty();
        assertThat(access.permits(Optional.empty(), Optional.empty())).isFalse();
        assertThat(access.permits(Optional.of(session), Optional.empty())).isTrue();
        assertThat(access.permits(Optional.of(session + "x"), Optional.empty())).isFalse();
        assertThat(access.permits(Optional.of(TOKEN), Optional.empty()))
                .as("a cookie is no token")
                .isFalse();
        assertThat(access.permits(Optional.empty(), Optional.of("Bearer " + TOKEN)))
                .isTrue();
        assertThat(access.permits(Optional.empty(), Optional.of("Bearer nothing")))
                .isFalse();
        assertThat(new Access("0.0.0.0", Optional.of(TOKEN)).permits(Optional.of(session), Optional.empty()))
                .as("a login to another process")
                .isFalse();
    }
}
