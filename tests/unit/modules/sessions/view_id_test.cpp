#include "modules/sessions/view_id.hpp"

#include <doctest/doctest.h>

namespace view_id_test {

using namespace ocpi;
using namespace ocpi::sessions;

TEST_CASE("modules/sessions/view_id: a session has the same id in whatever case it is spelled")
{
    // uuid5(NAMESPACE_URL, "ocpi:session:ES/ABC/S1") of Python.
    const auto id = "1f79dcb7-5743-50c5-8008-fa9deb6ec35c";
    CHECK(view_id(crud::object_key("ES", "ABC", "S1")) == id);
    CHECK(view_id(crud::object_key("es", "aBc", "s1")) == id);
    CHECK(view_id(crud::object_key("ES", "ABC", "S2")) != id);
}

}  // namespace view_id_test
