#include "modules/exchange/page_crawl.hpp"

#include "ocpi/base/ci_string.hpp"
#include "ocpi/protocol/link_header.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace ocpi::exchange {
namespace {

using partners::platform_answer;

std::optional<std::string> find_next_link_of(const http::headers& headers)
{
    for (const auto& field : headers) {
        if (!equal_ignoring_case(field.name, "Link")) continue;
        if (auto link = protocol::find_next_link(field.value)) return link;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> read_count(const http::headers& headers, std::string_view name)
{
    const auto* text = headers.find(name);
    if (!text) return std::nullopt;
    std::uint64_t count = 0;
    const auto* const end = text->data() + text->size();
    const auto [stopped, problem] = std::from_chars(text->data(), end, count);
    if (problem != std::errc() || stopped != end) return std::nullopt;
    return count;
}

/// Identifies an object within the list; empty when it has no identity.
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

std::string identity_of(const json::lost_element& lost)
{
    return lost.id.empty() ? std::string() : fold_case(lost.id);
}

/// Why this is no page of a list; std::nullopt when it is one.
std::optional<std::string> find_objection(const platform_answer& answer)
{
    if (!answer.is_success()) return "does not give its list: " + answer.describe();
    const auto data = answer.data();
    if (!data || data->is(json::kind::array)) return std::nullopt;
    return "gives no list: wrong envelope, its data is " +
           std::string(json::describe(data->kind()));
}

/// True when it is the address that is at fault: not the token, the moment or the platform.
bool is_about_address(const platform_answer& answer)
{
    const auto status = answer.http_status;
    if (status == 401 || status == 403 || status == 429 || status >= 500) return false;
    return answer.status_code < 3000;
}

std::string describe(std::chrono::seconds pause)
{
    return std::to_string(pause.count()) + " s";
}

}  // namespace

crawled_page::crawled_page(platform_answer from)
    : answer(std::move(from)), total(read_count(answer.headers, "X-Total-Count"))
{
    const auto data = answer.data();
    if (!data) return;
    objects.reserve(data->size());
    for (const auto object : *data) objects.push_back(object);
}

const json::lost_element* crawled_page::find_lost(std::size_t index) const noexcept
{
    const auto found = std::lower_bound(
        answer.lost.begin(), answer.lost.end(), index,
        [](const json::lost_element& lost, std::size_t wanted) { return lost.index < wanted; });
    return found != answer.lost.end() && found->index == index ? &*found : nullptr;
}

page_crawl::page_crawl(dependencies of, list_request list, crawl_limits limits)
    : dependencies_(std::move(of)), limits_(limits), course_(std::move(list), limits)
{
}

boost::asio::awaitable<result<std::optional<crawled_page>>> page_crawl::next()
{
    if (failure_) co_return *failure_;
    while (!course_.is_over()) {
        auto answer = co_await fetch();
        if (answer.has_error()) co_return answer.error();
        const auto objection = find_objection(*answer);
        if (!objection) {
            auto page = give(std::move(*answer));
            if (page.has_error()) co_return page.error();
            co_return std::optional<crawled_page>(std::move(*page));
        }
        const bool goes_on = is_about_address(*answer) && course_.take_dead_end(answer->describe());
        report();
        if (goes_on) continue;
        asked_pause_ = answer->retry_after;
        auto text = *objection;
        co_return unusable_answer(dependencies_.to, text);
    }
    co_return std::optional<crawled_page>();
}

boost::asio::awaitable<result<platform_answer>> page_crawl::fetch()
{
    for (int retries = 0;; ++retries) {
        partners::platform_request request;
        request.url = course_.url();
        request.purpose = partners::call_purpose::pull;
        request.attempts = retries;
        request.routing = dependencies_.between;
        auto answer = co_await dependencies_.client->call(dependencies_.to, std::move(request));
        const auto again = find_retry(answer, retries, limits_);
        if (!again) co_return answer;
        if (again->is_asked_for && dependencies_.on_remark) {
            const crawl_remark remark(crawl_topic::waiting, "asks for a pause of " +
                                                                describe(*answer->retry_after) +
                                                                ": " + answer->describe());
            dependencies_.on_remark(remark);
        }
        co_await dependencies_.pause(again->pause);
    }
}

/// The page, after which the crawl knows where to go on.
result<crawled_page> page_crawl::give(platform_answer answer)
{
    crawled_page page(std::move(answer));
    const auto taken = course_.take(note(page));
    if (taken.has_error()) failure_ = unusable_answer(dependencies_.to, taken.error().text());
    report();
    return page;
}

page_facts page_crawl::note(const crawled_page& page)
{
    page_facts facts;
    facts.objects = page.objects.size();
    facts.total = page.total;
    facts.limit = read_count(page.answer.headers, "X-Limit");
    facts.link = find_next_link_of(page.answer.headers);
    for (std::size_t index = 0; index < page.objects.size(); ++index) {
        const auto* lost = page.find_lost(index);
        const auto identity = lost ? identity_of(*lost) : identity_of(page.objects[index]);
        if (identity.empty()) {
            ++facts.nameless;
        } else if (seen_ids_.insert(std::hash<std::string>()(identity)).second) {
            ++facts.fresh;
        }
    }
    return facts;
}

void page_crawl::report()
{
    for (const auto& remark : course_.take_remarks()) {
        if (dependencies_.on_remark) dependencies_.on_remark(remark);
    }
}

}  // namespace ocpi::exchange
