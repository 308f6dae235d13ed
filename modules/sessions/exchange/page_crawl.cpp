#include "modules/sessions/exchange/page_crawl.hpp"

#include "modules/sessions/exchange/page_link.hpp"
#include "modules/sessions/exchange/retry_delay.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/protocol/link_header.hpp"

#include <charconv>
#include <functional>
#include <string_view>

namespace ocpi::sessions::exchange {
namespace {

using partners::platform_answer;

std::optional<std::string> find_next_link_of(const http::headers& headers)
{
    for (const auto& field : headers) {
        if (!equal_ignoring_case(field.name, "Link")) continue;
        if (auto link = protocol::find_next_link(field.value)) return link;
    }
    return {};
}

std::optional<std::uint64_t> read_total(const http::headers& headers)
{
    const auto* text = headers.find("X-Total-Count");
    if (!text) return {};
    std::uint64_t total = 0;
    const auto* const end = text->data() + text->size();
    const auto [stopped, problem] = std::from_chars(text->data(), end, total);
    if (problem != std::errc() || stopped != end) return {};
    return total;
}

/// What tells an object from others of the list; empty when it does not say.
std::string identity_of(json::value object)
{
    std::string identity;
    for (const char* name : {"country_code", "party_id", "id"}) {
        const auto member = object.find(name);
        if (!member || member->string().empty()) return {};
        identity.append(fold_case(member->string())) += '\n';
    }
    return identity;
}

/// True when the same request may well succeed in a moment.
bool is_passing_failure(const result<platform_answer>& outcome)
{
    if (outcome.has_error()) return outcome.error().code() == errc::partner_failure;
    return outcome->http_status >= 500 ||
           (outcome->status_code >= 3000 && outcome->status_code < 4000);
}

error no_list(const partners::platform_access& from, const std::optional<json::value>& data)
{
    std::string what = "gives no list: wrong envelope, its data is ";
    what += data ? json::describe(data->kind()) : "absent or null";
    return unusable_answer(from, what);
}

}  // namespace

page_crawl::page_crawl(std::shared_ptr<partners::platform_client> client,
                       partners::platform_access to, protocol::routing between,
                       std::string first_url, crawl_limits limits)
    : client_(std::move(client)),
      to_(std::move(to)),
      between_(std::move(between)),
      limits_(limits),
      url_(std::move(first_url))
{
    visited_.insert(std::hash<std::string>()(url_));
}

boost::asio::awaitable<result<crawled_page>> page_crawl::next()
{
    if (link_) {
        const auto followed = follow_link();
        if (followed.has_error()) co_return followed.error();
    }
    ++pages_;
    auto answer = co_await fetch();
    if (answer.has_error()) co_return answer.error();
    if (!answer->is_success()) {
        co_return unusable_answer(to_, "does not give its list: " + answer->describe());
    }
    const auto objects = answer->data();
    if (!objects || !objects->is(json::kind::array)) {
        co_return no_list(to_, objects);
    }
    link_ = find_next_link_of(answer->headers);
    note_objects(*objects);
    const auto total = read_total(answer->headers);
    co_return crawled_page(std::move(*answer), *objects, total);
}

/// Goes to the next page's URL, if that is a way to its end.
result<void> page_crawl::follow_link()
{
    const auto link = std::move(*link_);
    link_.reset();
    if (pages_ >= limits_.most_pages) {
        return unusable_answer(
            to_, "has more than " + std::to_string(limits_.most_pages) + " pages in its list");
    }
    if (barren_pages_ >= limits_.most_barren_pages) {
        return unusable_answer(to_, "has sent " + std::to_string(barren_pages_) +
                                        " pages in a row with nothing new, and a link to more");
    }
    auto url = follow_page_link(url_, link);
    if (url.has_error()) return unusable_answer(to_, "sends " + url.error().text());
    if (!visited_.insert(std::hash<std::string>()(*url)).second) {
        return unusable_answer(to_, "links its pages in a circle");
    }
    url_ = std::move(*url);
    return {};
}

boost::asio::awaitable<result<platform_answer>> page_crawl::fetch()
{
    retry_delay delay(limits_.retry_delay);
    for (int retries = 0;; ++retries) {
        partners::platform_request request;
        request.url = url_;
        request.routing = between_;
        auto answer = co_await client_->call(to_, std::move(request));
        if (retries >= limits_.page_retries || !is_passing_failure(answer)) co_return answer;
        co_await pause_for(delay.next());
    }
}

void page_crawl::note_objects(json::value objects)
{
    bool is_barren = true;
    for (const auto object : objects) {
        const auto identity = identity_of(object);
        if (identity.empty()) continue;
        if (met_.insert(std::hash<std::string>()(identity)).second) is_barren = false;
    }
    barren_pages_ = is_barren ? barren_pages_ + 1 : 0;
}

}  // namespace ocpi::sessions::exchange
