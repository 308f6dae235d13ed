#include "modules/sessions/view_id.hpp"

#include <doctest/doctest.h>

using namespace ocpi;
using namespace ocpi::sessions;

TEST_CASE("sessions/view_id: a session has the same id in whatever case it is spelled")
{
    // uuid5(NAMESPACE_URL, "ocpi:session:ES/ABC/S1") of Python.
    const auto id = "1f79dcb7-5743-50c5-8008-fa9deb6ec35c";
    CHECK(view_id(session_key("ES", "ABC", "S1")) == id);
    CHECK(view_id(session_key("es", "aBc", "s1")) == id);
    CHECK(view_id(session_key("ES", "ABC", "S2")) != id);
}

TEST_CASE("sessions/view_id: the order of ranks is that of settling, then that of ids")
{
    const auto second = date_time::from_milliseconds(1'767'323'045'000);
    const auto later = date_time::from_milliseconds(1'767'323'045'678);
    CHECK(settled_rank(second, "b") == "2026-01-02T03:04:05.000Z/b");
    CHECK(settled_rank(later, "a") == "2026-01-02T03:04:05.678Z/a");
    CHECK(settled_rank(second, "b") < settled_rank(later, "a"));
    CHECK(settled_rank(second, "a") < settled_rank(second, "b"));
}
