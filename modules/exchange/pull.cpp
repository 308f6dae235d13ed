#include "modules/exchange/pull.hpp"

#include "http/url.hpp"
#include "ocpi/base/foreign_date_time.hpp"
#include "ocpi/base/pause.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace ocpi::exchange {
namespace {

using boost::asio::awaitable;
using partners::interface_role;
using partners::partner;

/// A list that moves while it is read may pass a session over: it is read again, so many times in
/// all.
constexpr int max_rounds = 3;

/// The text, or its begin, cut between two characters.
std::string cut(std::string text, std::size_t max_size)
{
    if (text.size() <= max_size) return text;
    while (max_size > 0 && (static_cast<unsigned char>(text[max_size]) & 0xc0) == 0x80) --max_size;
    return text.substr(0, max_size) + "…";
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
    const auto sent =
        parse_foreign_date_time(std::string(page.answer.envelope->root().find_string("timestamp")));
    if (!sent) return std::nullopt;
    return sent->parsed.value;
}

}  // namespace

/// One run under way.
struct puller::run {
    partner from;
    std::vector<party> cpo_parties;
    list_request list;
    pull_callback on_page;
    std::shared_ptr<Crud> through;
    pull_summary summary;
    /// When it began, by our clock or the partner's: what changed after this may have been missed.
    date_time began;
    bool has_answer = false;
    std::optional<date_time> greatest_last_updated;
    /// What the pairs of parties before this one have counted.
    std::uint64_t done_before = 0;
    /// What has been remarked, to say it once.
    std::set<crawl_topic> remarked;
};

/// Reports what a page has added to the summary of its run, also when it ends early.
class puller::page_count {
public:
    page_count(exchange_observer& observer, const std::string& partner, const pull_summary& of)
        : observer_(observer), partner_(partner), summary_(of), before_(of)
    {
    }
    ~page_count()
    {
        pull_summary page;
        page.pages = 1;
        page.applied = summary_.applied - before_.applied;
        page.unchanged = summary_.unchanged - before_.unchanged;
        page.invalid = summary_.invalid - before_.invalid;
        observer_.on_pull(partner_, page);
    }
    page_count(const page_count&) = delete;
    page_count& operator=(const page_count&) = delete;

private:
    exchange_observer& observer_;
    const std::string& partner_;
    const pull_summary& summary_;
    const pull_summary before_;
};

puller::puller(std::shared_ptr<sessions::session_writer> sessions, dependencies of,
               pull_options options)
    : sessions_(std::move(sessions)),
      dependencies_(std::move(of)),
      options_(options),
      progress_(dependencies_.crud)
{
    if (!dependencies_.time) dependencies_.time = std::make_shared<adjustable_clock>();
    if (!dependencies_.log) dependencies_.log = std::make_shared<silent_logger>();
    if (!dependencies_.observer) dependencies_.observer = std::make_shared<exchange_observer>();
    if (!dependencies_.pause) dependencies_.pause = pause_for;
}

bool puller::can_pull_from(const partner& candidate) const
{
    return !dependencies_.own_emsp_parties.empty() && candidate.is_registered() &&
           !candidate.parties_in_role(party_role::cpo).empty() &&
           candidate.find_endpoint("sessions", interface_role::sender) != nullptr;
}

awaitable<result<pull_summary>> puller::pull(partner from, pull_range range, pull_callback on_page,
                                             std::shared_ptr<Crud> through)
{
    if (!can_pull_from(from)) {
        co_return error(errc::invalid,
                        "no sessions can be pulled from " + from.name +
                            ": that takes a registered partner with the role CPO and a SENDER "
                            "endpoint of the module sessions, and a party of ours with the role "
                            "EMSP");
    }
    const auto lock = co_await turns_.take(fold_case(from.name));
    run current;
    current.from = std::move(from);
    current.cpo_parties = current.from.parties_in_role(party_role::cpo);
    current.on_page = std::move(on_page);
    current.through = std::move(through);
    current.began = dependencies_.time->now();
    auto pulled = co_await pull_all(current, range);
    if (!range.is_explicit()) {
        dependencies_.observer->on_pull_end(current.from.name, pulled.has_value());
    }
    co_return pulled;
}

awaitable<result<pull_summary>> puller::pull_all(run& current, pull_range range)
{
    std::vector<protocol::routing> pairs;
    progress_mark reached;
    for (const auto& ours : dependencies_.own_emsp_parties) {
        for (const auto& theirs : current.cpo_parties) {
            auto& pair = pairs.emplace_back();
            pair.from = ours;
            pair.to = theirs;
            reached.covers.push_back(to_string(theirs) + '>' + to_string(ours));
        }
    }
    const auto date_from = co_await find_begin(current.from.name, range, reached.covers);
    if (date_from.has_error()) co_return date_from.error();
    current.list = make_request(*current.from.find_endpoint("sessions", interface_role::sender),
                                *date_from, range.date_to);
    for (const auto& pair : pairs) {
        const auto pulled = co_await pull_between(current, pair);
        if (pulled.has_error()) co_return pulled.error();
    }
    if (!range.is_explicit() && current.greatest_last_updated) {
        reached.date_from = std::min(*current.greatest_last_updated, current.began);
        pull_progress progress(current.through ? current.through : dependencies_.crud);
        const auto moved = co_await progress.advance(current.from.name, std::move(reached));
        if (moved.has_error()) co_return moved.error();
    }
    co_return current.summary;
}

std::optional<std::chrono::milliseconds> puller::find_pause(std::string_view partner_name)
{
    return pauses_.find(partner_name, partner_pauses::clock::now());
}

list_request puller::make_request(const std::string& endpoint, date_time date_from,
                                  std::optional<date_time> date_to) const
{
    list_request list;
    list.limit = options_.page_limit;
    const auto begin = to_string(date_from);
    const auto end = date_to ? to_string(*date_to) : std::string();
    std::vector<http::query_field> fields{{"date_from", begin}};
    if (date_to) fields.emplace_back("date_to", end);
    list.url = http::append_query(endpoint, fields);
    // From the beginning, a list without this filter would be the same.
    if (date_from > date_time()) list.filters.emplace_back("date_from");
    if (!date_to) return list;
    list.filters.emplace_back("date_to");
    list.may_shrink = true;
    return list;
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
        bool is_doubtful = false;
        const auto crawled = co_await crawl_once(current, between, is_doubtful);
        if (crawled.has_error() || !is_doubtful || round >= max_rounds) co_return crawled;
    }
}

awaitable<result<void>> puller::crawl_once(run& current, protocol::routing between,
                                           bool& is_doubtful)
{
    page_crawl::dependencies crawl_needs;
    crawl_needs.client = dependencies_.client;
    crawl_needs.to = partners::access_to(current.from);
    crawl_needs.between = std::move(between);
    crawl_needs.pause = dependencies_.pause;
    crawl_needs.on_remark = [this, &current](const crawl_remark& made) { remark(current, made); };
    page_crawl crawl(std::move(crawl_needs), current.list, options_.crawl);
    current.done_before = current.summary.done();
    while (!crawl.is_finished()) {
        const auto page = co_await crawl.next();
        if (page.has_error()) {
            if (const auto pause = crawl.asked_pause()) {
                pauses_.note(current.from.name, *pause, partner_pauses::clock::now());
            }
            co_return page.error();
        }
        if (!*page) break;
        const auto applied = co_await apply_page(current, **page);
        if (applied.has_error()) co_return applied.error();
        if (current.on_page) current.on_page(current.summary);
    }
    is_doubtful = crawl.is_doubtful();
    co_return result<void>();
}

awaitable<result<void>> puller::apply_page(run& current, const crawled_page& page)
{
    if (!current.has_answer) {
        current.has_answer = true;
        current.began = std::min(current.began, answered_at(page).value_or(current.began));
    }
    if (page.total) current.summary.total = current.done_before + *page.total;
    ++current.summary.pages;
    page_intake::dependencies intake_needs;
    intake_needs.sessions = sessions_;
    intake_needs.pause = dependencies_.pause;
    intake_needs.time = dependencies_.time;
    intake_needs.owners = current.cpo_parties;
    intake_needs.through = current.through;
    const page_intake intake(std::move(intake_needs), options_.intake);
    const page_count counted(*dependencies_.observer, current.from.name, current.summary);
    for (std::size_t first = 0; first < page.objects.size();) {
        const auto taken = co_await intake.take(current.from, page, first);
        for (const auto& each : taken.each) count(current, each);
        if (taken.failure) co_return *taken.failure;
        first += taken.each.size();
    }
    co_return result<void>();
}

void puller::count(run& current, const taken_object& taken)
{
    auto& summary = current.summary;
    switch (taken.outcome) {
        case intake_outcome::open: return;
        case intake_outcome::refused: refuse(current, taken); return;
        case intake_outcome::applied: ++summary.applied; break;
        case intake_outcome::unchanged: ++summary.unchanged; break;
    }
    auto& greatest = current.greatest_last_updated;
    greatest = std::max(greatest, taken.last_updated);
}

void puller::refuse(run& current, const taken_object& taken)
{
    constexpr std::size_t max_id = 40;
    constexpr std::size_t max_reason = 500;
    ++current.summary.invalid;
    if (current.summary.invalid > options_.max_warnings) return;
    std::string line =
        "pull from " + current.from.name + ": " + json::append_pointer("/data", taken.index);
    if (!taken.id.empty()) line += " (session " + cut(taken.id, max_id) + ')';
    line += " is not stored: " + cut(taken.reason, max_reason);
    if (current.summary.invalid == options_.max_warnings) {
        line += "; further ones of this run are only counted";
    }
    dependencies_.log->write(log_level::warning, line);
}

void puller::remark(run& current, const crawl_remark& made)
{
    if (!current.remarked.insert(made.topic).second) return;
    dependencies_.log->write(log_level::warning,
                             "pull from " + current.from.name + ": it " + made.text);
}

}  // namespace ocpi::exchange
