#include "tests/unit/modules/openapi/documented_api.hpp"

#include "auth/authorization.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "http/body_stream.hpp"
#include "http/target.hpp"
#include "modules/openapi/openapi_document.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/view_id.hpp"
#include "ocpi/json/writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <sstream>

namespace ocpi::openapi::fixtures {
namespace {

/// All EVSEs of location L1 take charging preferences, those of L2 do not.
std::shared_ptr<sessions::evse_directory> make_evses(const party& owner)
{
    sessions::configured_evse capable;
    capable.owner = owner;
    capable.location_id = "L1";
    capable.evse_uid = "*";
    capable.evse.capabilities = {"CHARGING_PREFERENCES_CAPABLE"};
    auto incapable = capable;
    incapable.location_id = "L2";
    incapable.evse.capabilities.clear();
    return std::make_shared<sessions::configured_evse_directory>(
        std::vector<sessions::configured_evse>{capable, incapable});
}

std::vector<std::string> segments_of(const std::string& path)
{
    std::vector<std::string> segments;
    std::istringstream rest(path.substr(1));
    for (std::string each; std::getline(rest, each, '/');) segments.push_back(each);
    return segments;
}

bool fits(const std::string& pattern, const std::vector<std::string>& segments)
{
    const auto wanted = segments_of(pattern);
    return std::equal(wanted.begin(), wanted.end(), segments.begin(), segments.end(),
                      [](const std::string& of_pattern, const std::string& of_path) {
                          return of_pattern.starts_with('{') || of_pattern == of_path;
                      });
}

/// Where the description stands that is meant at that place.
std::string follow(const ocpi::test::schema_checker& document, const std::string& place)
{
    const auto reference = document.at(place).find("$ref");
    return reference ? std::string(reference->string()) : place;
}

}  // namespace

const json::document& served_document()
{
    static const auto parsed = json::parse(document);
    REQUIRE_MESSAGE(parsed.has_value(), parsed.error().text());
    return *parsed;
}

std::vector<operation> described_operations()
{
    std::vector<operation> described;
    const auto paths = served_document().root().find("paths");
    REQUIRE(paths);
    for (const auto path : *paths) {
        for (const auto member : path) {
            if (member.name() == "parameters") continue;
            operation found;
            for (const char each : member.name()) {
                found.method += static_cast<char>(std::toupper(each));
            }
            found.path = path.name();
            found.place = json::append_pointer("#/paths", path.name());
            found.place = json::append_pointer(found.place, member.name());
            described.push_back(std::move(found));
        }
    }
    return described;
}

documented_api::documented_api() : checker(served_document())
{
    const party own("ES", "ABC");
    set_time("10:00");
    application_options options;
    options.parties = {own_party(own, {party_role::cpo, party_role::emsp})};
    options.development_clock = time_;
    options.evses = make_evses(own);
    auto authenticator = std::make_shared<auth::token_authenticator>(auth::token_store(crud_));
    application_ = std::make_unique<Application>(std::move(options), crud_, authenticator);
    // Nobody connects; but events are made only while it listens.
    application_->listen(context_.get_executor(), "127.0.0.1:0");

    auth::principal identity;
    identity.kind = auth::caller_kind::platform_operator;
    add_token(operator_token, identity);
    identity.kind = auth::caller_kind::driver;
    identity.contracts = {ci_string("C1")};
    add_token(driver_token, identity);
    identity = auth::principal();
    identity.roles.push_back(*parse_credentials_role("EMSP:DE*EMP"));
    add_token(partner_token, identity);
}

documented_api::~documented_api()
{
    run(application_->stop());
}

void documented_api::add_token(const char* token, auth::principal identity)
{
    identity.name = token;
    auth::token_store tokens(crud_);
    run(tokens.add(std::move(identity), token)).value();
}

void documented_api::set_time(const std::string& time_of_day)
{
    time_->set(parse_date_time("2024-01-01T" + time_of_day + ":00Z")->value);
}

std::string documented_api::put_session(const std::string& id, const std::string& json)
{
    const auto answer = ask("PUT /ocpi/cpo/2.3.0/sessions/ES/ABC/" + id, json);
    REQUIRE_MESSAGE(answer.body.find("\"status_code\":1000") != std::string::npos, answer.body);
    return sessions::view_id(crud::object_key("ES", "ABC", id));
}

http::response documented_api::ask(const std::string& method_and_target, const std::string& body,
                                   const std::string& token, const std::string& last_event_id)
{
    const auto blank = method_and_target.find(' ');
    http::request asked;
    asked.method = method_and_target.substr(0, blank);
    asked.target = method_and_target.substr(blank + 1);
    asked.body = body;
    if (!token.empty()) asked.headers.add("Authorization", auth::write_authorization(token));
    if (!last_event_id.empty()) asked.headers.add("Last-Event-ID", last_event_id);
    auto answer = run(application_->answer(asked));
    if (http::is_management_path(asked.target)) hold_to_document(asked, answer);
    return answer;
}

void documented_api::hold_to_document(const http::request& asked, const http::response& answer)
{
    CAPTURE(asked.method);
    CAPTURE(asked.target);
    CAPTURE(asked.body);
    CAPTURE(answer.body);
    CHECK(answer.headers.find("X-Request-ID"));
    CHECK(answer.headers.find("X-Correlation-ID"));
    const auto segments = http::parse_target(asked.target)->segments;
    const auto described = described_operations();
    const auto found = std::find_if(described.begin(), described.end(), [&](const operation& each) {
        return each.method == asked.method && fits(each.path, segments);
    });
    const auto status = std::to_string(answer.status);
    if (found == described.end()) {
        const bool is_known =
            std::any_of(described.begin(), described.end(),
                        [&](const operation& each) { return fits(each.path, segments); });
        CHECK(answer.status == (is_known ? 405 : 404));
        hold_to_response(answer, std::string("#/components/responses/") +
                                     (is_known ? "MethodNotAllowed" : "NotFound"));
        return;
    }
    answered.insert(found->name() + ' ' + status);
    const auto responses = checker.at(found->place + "/responses");
    CHECK_MESSAGE(responses.find(status), "this status is not described: ", status);
    if (!responses.find(status)) return;
    hold_to_response(answer, follow(checker, found->place + "/responses/" + status));
    if (answer.status < 300) hold_request(*found, asked);
}

void documented_api::expect(std::string_view text, const std::string& schema)
{
    for (const auto& problem : checker.check(text, schema)) FAIL_CHECK(schema, ": ", problem);
}

void documented_api::hold_to_response(const http::response& answer, const std::string& described)
{
    const auto response = checker.at(described);
    if (const auto headers = response.find("headers")) {
        for (const auto header : *headers) {
            const auto* sent = answer.headers.find(header.name());
            CHECK_MESSAGE(sent, "the answer lacks the header ", std::string(header.name()));
            if (!sent) continue;
            const auto place = json::append_pointer(described + "/headers", header.name());
            expect(json::quote(*sent), place + "/schema");
        }
    }
    const auto content = response.find("content");
    if (!content) {
        CHECK(answer.body.empty());
        return;
    }
    const auto* type = answer.headers.find("Content-Type");
    REQUIRE(type);
    REQUIRE_MESSAGE(content->find(*type), "this type of content is not described: ", *type);
    if (answer.stream) return;
    expect(answer.body, json::append_pointer(described + "/content", *type) + "/schema");
    if (*type != "application/problem+json") return;
    CHECK(answer.body.find("\"status\":" + std::to_string(answer.status)) != std::string::npos);
}

void documented_api::hold_request(const operation& of, const http::request& asked)
{
    const auto described = checker.at(of.place);
    CHECK(described.find("requestBody").has_value() == !asked.body.empty());
    if (described.find("requestBody")) {
        const auto body = follow(checker, of.place + "/requestBody");
        expect(asked.body, body + "/content/application~1json/schema");
    }
    const auto target = http::parse_target(asked.target);
    for (const auto& parameter : target->query) {
        const auto place = "#/components/parameters/" + parameter.name;
        CHECK(described.find("parameters")->text().find(place) != std::string_view::npos);
        const bool is_number = checker.at(place + "/schema/type").string() == "integer";
        expect(is_number ? parameter.value : json::quote(parameter.value), place + "/schema");
    }
}

std::string documented_api::next_event(const http::response& streaming)
{
    REQUIRE(streaming.stream);
    std::string text;
    for (auto begin = text.npos; begin == text.npos; begin = text.find("data: ")) {
        const auto piece = run(streaming.stream->next());
        REQUIRE(piece);
        text += *piece;
    }
    CHECK(text.find("event: status\n") != text.npos);
    const auto begin = text.find("data: ") + 6;
    auto data = text.substr(begin, text.find('\n', begin) - begin);
    expect(data, "#/components/responses/Events/content/text~1event-stream/x-event-data");
    return data;
}

}  // namespace ocpi::openapi::fixtures
