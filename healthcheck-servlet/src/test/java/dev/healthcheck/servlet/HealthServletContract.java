package dev.healthcheck.servlet;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * The promises of the servlet, over HTTP, in any container. The parts tagged {@code container} depend most on the
 * container: builds that save time run no others in the twin for {@code javax.servlet}.
 */
abstract class HealthServletContract {
    abstract Container newContainer();

    @Nested
    @Tag("container")
    class Paths extends PathsContract {
        Paths() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    class Forms extends FormsContract {
        Forms() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    class Status_page extends StatusPageContract {
        Status_page() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    @Tag("container")
    class Methods_and_headers extends HeadersContract {
        Methods_and_headers() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    class Verdicts extends VerdictsContract {
        Verdicts() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    class Details extends DetailsContract {
        Details() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    @Tag("container")
    class Waiting_for_checks extends WaitingContract {
        Waiting_for_checks() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    @Tag("container")
    class Behind_filters extends FiltersContract {
        Behind_filters() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    @Tag("container")
    class Dispatches extends DispatchesContract {
        Dispatches() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    class Setting_up extends SetUpContract {
        Setting_up() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    @Tag("container")
    class Slow_readers extends SlowReaderContract {
        Slow_readers() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    class Pipelines extends PipelineContract {
        Pipelines() {
            super(HealthServletContract.this::newContainer);
        }
    }

    @Nested
    class Odd_requests extends OddRequestsContract {
        Odd_requests() {
            super(HealthServletContract.this::newContainer);
        }
    }
}
