// The document by itself: that it is sound, and that it is about the routes that there are.

#include "modules/openapi/openapi_document.hpp"

#include "application/composition.hpp"
#include "auth/token_authenticator.hpp"
#include "tests/unit/modules/openapi/documented_api.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <set>
#include <string>

namespace openapi_document_test {

using namespace ocpi;
using namespace ocpi::openapi::fixtures;

namespace {

using visitor = std::function<void(json::value object, const std::string& place)>;

/// Calls it for every object of the document.
void visit_objects(json::value at, const std::string& place, const visitor& visit)
{
    std::size_t index = 0;
    if (at.is(json::kind::object)) visit(at, place);
    for (const auto each : at) {
        const bool is_member = at.is(json::kind::object);
        visit_objects(each,
                      is_member ? json::append_pointer(place, each.name())
                                : json::append_pointer(place, index++),
                      visit);
    }
}

void visit_objects(const visitor& visit)
{
    visit_objects(served_document().root(), "#", visit);
}

/// The paths of the router under /v1, each placeholder as `{}`, with their methods.
std::set<std::string> routed_operations()
{
    application_options options;
    options.development_clock = std::make_shared<adjustable_clock>();
    options.time = options.development_clock;
    options.log = std::make_shared<silent_logger>();
    composition::services own;
    own.url = std::make_shared<composition::public_url_holder>("https://x");
    own.platform =
        composition::make_platform(options, std::make_shared<crud::memory_crud>(), own.url);
    std::set<std::string> found;
    const auto router = composition::make_router(options, own);
    for (const auto& route : router.routes()) {
        std::string path;
        for (const auto& segment : route.segments) path += '/' + (segment.empty() ? "{}" : segment);
        if (route.kind == http::interface_kind::management) found.insert(route.method + ' ' + path);
    }
    return found;
}

std::string without_names(const std::string& path)
{
    std::string written;
    bool is_name = false;
    for (const char each : path) {
        if (each == '}') is_name = false;
        if (!is_name) written += each;
        if (each == '{') is_name = true;
    }
    return written;
}

}  // namespace

TEST_CASE(
    "modules/openapi/openapi_document: every reference leads somewhere, and every component is "
    "referred to")
{
    const ocpi::test::schema_checker document(served_document());
    std::set<std::string> meant;
    visit_objects([&](json::value object, const std::string&) {
        const auto reference = object.find("$ref");
        if (!reference) return;
        meant.insert(std::string(reference->string()));
        CHECK_NOTHROW(document.at(std::string(reference->string())));
    });
    for (const auto kind : document.at("#/components")) {
        if (kind.name() == "securitySchemes") continue;
        for (const auto component : kind) {
            const auto place =
                "#/components/" + std::string(kind.name()) + '/' + std::string(component.name());
            CHECK_MESSAGE(meant.contains(place), "nothing refers to ", place);
        }
    }
}

TEST_CASE("modules/openapi/openapi_document: the examples are such as they illustrate")
{
    ocpi::test::schema_checker checker(served_document());
    std::size_t count = 0;
    const auto check = [&](json::value example, const std::string& schema) {
        ++count;
        for (const auto& problem : checker.check(example, schema)) FAIL_CHECK(schema, problem);
    };
    visit_objects([&](json::value object, const std::string& place) {
        const auto examples = object.find("examples");
        if (!examples) return;
        for (const auto example : *examples) {
            if (examples->is(json::kind::array)) check(example, place);
            if (examples->is(json::kind::object)) check(*example.find("value"), place + "/schema");
        }
    });
    CHECK(count > 20);
}

TEST_CASE(
    "modules/openapi/openapi_document: an object names what it must have among what it may have")
{
    visit_objects([&](json::value object, const std::string& place) {
        const auto required = object.find("required");
        const auto properties = object.find("properties");
        if (!required || !required->is(json::kind::array) || !properties) return;
        for (const auto name : *required) {
            CHECK_MESSAGE(properties->find(name.string()), place, " has no ",
                          std::string(name.string()));
        }
    });
}

TEST_CASE(
    "modules/openapi/openapi_document: operations have ids of their own, tags that are explained, "
    "and a summary")
{
    const ocpi::test::schema_checker document(served_document());
    std::set<std::string> tags;
    for (const auto tag : document.at("#/tags")) tags.emplace(tag.find("name")->string());
    std::set<std::string> ids;
    for (const auto& each : described_operations()) {
        CAPTURE(each.place);
        const auto described = document.at(each.place);
        CHECK(ids.emplace(described.find("operationId")->string()).second);
        CHECK(described.find("summary"));
        CHECK(described.find("responses")->find("401"));
        CHECK(described.find("responses")->find("default"));
        const auto named = described.find("tags").value();
        for (const auto tag : named) CHECK(tags.contains(std::string(tag.string())));
    }
}

TEST_CASE("modules/openapi/openapi_document: every route under /v1 is described")
{
    std::set<std::string> described;
    for (const auto& each : described_operations()) described.insert(without_names(each.name()));
    const auto routed = routed_operations();
    CHECK(routed.size() >= 19);
    for (const auto& each : routed) CHECK_MESSAGE(described.contains(each), each);
}

}  // namespace openapi_document_test
