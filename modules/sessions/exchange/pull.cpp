#include "modules/sessions/exchange/pull.hpp"

#include "modules/sessions/codec.hpp"
#include "modules/sessions/exchange/retry_delay.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ocpi::sessions::exchange {
namespace {

using boost::asio::awaitable;
using partners::interface_role;
using partners::partner;

/// A list to which date_to is an end may lose sessions while it is read, and a page then passes
/// one over: it is read again, so many times in all.
constexpr int most_rounds = 3;

std::string text_of(json::value object, std::string_view name)
{
    const auto member = object.find(name);
    return member ? std::string(member->string()) : std::string();
}

/// The address that a pulled Session gives itself.
session_key own_key(json::value element)
{
    return session_key(text_of(element, "country_code"), text_of(element, "party_id"),
                       text_of(element, "id"));
}

/// The one place where the text of a pulled Session is read.
result<parsed_session> read_pulled(json::value element, const partner& from, const session_key& key)
{
    const auto strict =
        from.profile == auth::profile::tolerant ? strictness::tolerant : strictness::strict;
    return read_session(element.text(), body_kind::whole, strict, key, from.version);
}

/// The text, or its begin, cut between two characters.
std::string cut(std::string text, std::size_t longest)
{
    if (text.size() <= longest) return text;
    while (longest > 0 && (static_cast<unsigned char>(text[longest]) & 0xc0) == 0x80) --longest;
    return text.substr(0, longest) + "…";
}

bool contains(const std::vector<std::string>& all, const std::vector<std::string>& wanted)
{
    return std::all_of(wanted.begin(), wanted.end(), [&all](const std::string& each) {
        return std::find(all.begin(), all.end(), each) != all.end();
    });
}

/// By the partner's own clock, when it answered.
std::optional<date_time> answered_at(const crawled_page& page)
{
    const auto sent = parse_date_time(text_of(page.answer.envelope->root(), "timestamp"));
    if (!sent) return {};
    return sent->value;
}

}  // namespace

/// One run under way.
struct puller::run {
    partner from;
    std::vector<party> cpo_parties;
    std::string first_url;
    page_callback on_page;
    bool has_end = false;
    pull_summary summary;
    /// When it began, by our clock or the partner's: what changed after this may have been missed.
    date_time began;
    bool has_answer = false;
    std::optional<date_time> greatest_last_updated;
    /// What the pairs of parties before this one have counted.
    std::uint64_t done_before = 0;
};

puller::puller(parts of, pull_options options)
    : parts_(std::move(of)), options_(options), progress_(parts_.crud)
{
    if (!parts_.sessions) parts_.sessions = std::make_shared<session_store>(parts_.crud);
    if (!parts_.time) parts_.time = std::make_shared<adjustable_clock>();
    if (!parts_.log) parts_.log = std::make_shared<silent_logger>();
}

bool puller::can_pull_from(const partner& candidate) const
{
    return !parts_.own_emsp_parties.empty() && candidate.is_registered() &&
           !candidate.parties_in_role(party_role::cpo).empty() &&
           candidate.find_endpoint("sessions", interface_role::sender) != nullptr;
}

awaitable<result<pull_summary>> puller::pull(partner from, pull_range range, page_callback on_page)
{
    if (!can_pull_from(from)) {
        co_return error(errc::invalid,
                        "no sessions can be pulled from " + from.name +
                            ": that takes a registered partner with the role CPO and a SENDER "
                            "endpoint of the module sessions, and a party of ours with the role "
                            "EMSP");
    }
    const auto turn = co_await turns_.take(fold_case(from.name));
    run current;
    current.from = std::move(from);
    current.cpo_parties = current.from.parties_in_role(party_role::cpo);
    current.on_page = std::move(on_page);
    current.began = parts_.time->now();
    current.has_end = range.date_to.has_value();

    std::vector<protocol::routing> pairs;
    progress_mark reached;
    for (const auto& ours : parts_.own_emsp_parties) {
        for (const auto& theirs : current.cpo_parties) {
            auto& pair = pairs.emplace_back();
            pair.from = ours;
            pair.to = theirs;
            reached.covers.push_back(to_string(theirs) + '>' + to_string(ours));
        }
    }
    const auto date_from = co_await find_begin(current.from.name, range, reached.covers);
    if (date_from.has_error()) co_return date_from.error();
    current.first_url = make_first_url(
        *current.from.find_endpoint("sessions", interface_role::sender), *date_from, range.date_to);
    for (const auto& pair : pairs) {
        const auto pulled = co_await pull_between(current, pair);
        if (pulled.has_error()) co_return pulled.error();
    }
    if (!range.is_explicit() && current.greatest_last_updated) {
        reached.date_from = std::min(*current.greatest_last_updated, current.began);
        const auto moved = co_await progress_.advance(current.from.name, std::move(reached));
        if (moved.has_error()) co_return moved.error();
    }
    co_return current.summary;
}

std::string puller::make_first_url(const std::string& endpoint, date_time date_from,
                                   std::optional<date_time> date_to) const
{
    auto url = endpoint;
    url += endpoint.find('?') == std::string::npos ? '?' : '&';
    url += "date_from=" + to_string(date_from);
    if (date_to) url += "&date_to=" + to_string(*date_to);
    return url + "&limit=" + std::to_string(options_.page_limit);
}

/// The date_from of a run, which is always sent: OCPI asks for it.
awaitable<result<date_time>> puller::find_begin(std::string partner_name, pull_range range,
                                                std::vector<std::string> covers)
{
    if (range.is_explicit()) co_return range.date_from.value_or(date_time());
    const auto mark = co_await progress_.find(std::move(partner_name));
    if (mark.has_error()) co_return mark.error();
    if (!*mark || !contains((*mark)->covers, covers)) co_return date_time();
    co_return std::max(date_time(), date_time((*mark)->date_from.instant() - options_.overlap));
}

awaitable<result<void>> puller::pull_between(run& current, protocol::routing between)
{
    for (int round = 1;; ++round) {
        bool has_shrunk = false;
        const auto crawled = co_await crawl_once(current, between, has_shrunk);
        if (crawled.has_error()) co_return crawled.error();
        if (!has_shrunk || !current.has_end || round >= most_rounds) co_return crawled;
    }
}

awaitable<result<void>> puller::crawl_once(run& current, protocol::routing between,
                                           bool& has_shrunk)
{
    page_crawl crawl(parts_.client, partners::access_to(current.from), std::move(between),
                     current.first_url, options_.crawl);
    current.done_before = current.summary.done();
    std::optional<std::uint64_t> last_total;
    while (!crawl.is_finished()) {
        const auto page = co_await crawl.next();
        if (page.has_error()) co_return page.error();
        if (!current.has_answer) {
            current.has_answer = true;
            current.began = std::min(current.began, answered_at(*page).value_or(current.began));
        }
        if (page->total) {
            if (last_total && *page->total < *last_total) has_shrunk = true;
            last_total = page->total;
            current.summary.total = current.done_before + *page->total;
        }
        ++current.summary.pages;
        const auto applied = co_await apply_page(current, *page);
        if (applied.has_error()) co_return applied.error();
        if (current.on_page) current.on_page(current.summary);
    }
    co_return result<void>();
}

awaitable<result<void>> puller::apply_page(run& current, const crawled_page& page)
{
    std::size_t index = 0;
    for (const auto element : page.objects) {
        auto pointer = json::append_pointer("/data", index++);
        const auto applied = co_await apply(current, element, std::move(pointer));
        if (applied.has_error()) co_return applied.error();
    }
    co_return result<void>();
}

/// Stores one element of a page, or counts it as invalid; an error only when the store fails.
awaitable<result<void>> puller::apply(run& current, json::value element, std::string pointer)
{
    const auto key = own_key(element);
    const auto pulled = read_pulled(element, current.from, key);
    if (pulled.has_error()) {
        refuse(current, element, pointer, pulled.error());
        co_return result<void>();
    }
    const auto& owners = current.cpo_parties;
    if (std::find(owners.begin(), owners.end(), key.owner()) == owners.end()) {
        const error foreign(errc::invalid, to_string(key.owner()) + " is no CPO of this partner");
        refuse(current, element, pointer, foreign);
        co_return result<void>();
    }
    const auto written = co_await store(key, *pulled);
    if (written.has_error()) {
        const auto code = written.error().code();
        if (code != errc::invalid && code != errc::unreadable) co_return written.error();
        refuse(current, element, pointer, written.error());
        co_return result<void>();
    }
    auto& count = written->changed ? current.summary.applied : current.summary.unchanged;
    ++count;
    auto& greatest = current.greatest_last_updated;
    greatest = std::max(greatest, pulled->fields.last_updated);
    co_return result<void>();
}

awaitable<result<written_session>> puller::store(session_key key, const parsed_session& pulled)
{
    retry_delay delay(options_.crawl.retry_delay);
    for (int retries = 0;; ++retries) {
        const auto written =
            co_await parts_.sessions->apply_pulled(key, pulled, parts_.time->now());
        const bool may_retry = written.has_error() && written.error().code() == errc::overloaded &&
                               retries < options_.store_retries;
        if (!may_retry) co_return written;
        co_await pause_for(delay.next());
    }
}

void puller::refuse(run& current, json::value element, const std::string& pointer,
                    const error& because)
{
    constexpr std::size_t longest_id = 40;
    constexpr std::size_t longest_reason = 500;
    ++current.summary.invalid;
    if (current.summary.invalid > options_.most_warnings) return;
    std::string line = "pull from " + current.from.name + ": " + pointer;
    if (const auto id = text_of(element, "id"); !id.empty()) {
        line += " (session " + cut(id, longest_id) + ')';
    }
    line += " is not taken over: " + cut(because.text(), longest_reason);
    if (current.summary.invalid == options_.most_warnings) {
        line += "; further ones of this run are only counted";
    }
    parts_.log->write(log_level::warning, line);
}

}  // namespace ocpi::sessions::exchange
