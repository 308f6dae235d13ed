#include "modules/sessions/session_writer.hpp"

#include "crud/errors.hpp"
#include "crud/repository.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/settled_rank.hpp"

#include <string_view>
#include <utility>

namespace ocpi::sessions {
namespace {

/// Within this process writers take turns, so only writers of other processes can come in
/// between, and each time that happens one of them has made its way.
constexpr int max_attempts = 50;

/// For what was written last: some ten thousand sessions under way.
constexpr std::size_t max_remembered_bytes = 32 * 1024 * 1024;

std::optional<crud::revision> revision_of(const std::optional<known_session>& session)
{
    if (!session) return std::nullopt;
    return session->revision;
}

error too_many_writers()
{
    return error(errc::overloaded, "too many others write to this session; try again in a moment");
}

}  // namespace

session_writer::session_writer(std::shared_ptr<Crud> crud, change_listeners listeners,
                               final_reading_rule rule)
    : crud_(std::move(crud)),
      reader_(crud_),
      listeners_(std::move(listeners)),
      rule_(std::move(rule)),
      recent_(max_remembered_bytes)
{
}

boost::asio::awaitable<result<written_session>> session_writer::put(
    crud::interface_side side, crud::object_key key, const parsed_session& sent, strictness strict,
    date_time now, protocol::trace_context trace)
{
    decide decide_on = [&sent, strict, now](const json::document* stored) {
        return decide_put(stored, sent, strict, now);
    };
    // A PUT of a session that was not written lately is most often that of a new one.
    constexpr bool is_likely_new = true;
    co_return co_await write(side, std::move(key), is_likely_new, std::move(decide_on), trace);
}

boost::asio::awaitable<result<written_session>> session_writer::patch(crud::interface_side side,
                                                                      crud::object_key key,
                                                                      const parsed_session& sent,
                                                                      date_time now,
                                                                      protocol::trace_context trace)
{
    decide decide_on = [&sent, now](const json::document* stored) -> result<decision> {
        if (!stored) return error(errc::not_found, "there is no such session");
        return decide_patch(*stored, sent, now);
    };
    co_return co_await write(side, std::move(key), false, std::move(decide_on), trace);
}

boost::asio::awaitable<result<written_session>> session_writer::apply_pulled(
    crud::object_key key, const parsed_session& pulled, date_time now,
    std::shared_ptr<Crud> through)
{
    decide decide_on = [&pulled, now](const json::document* stored) {
        return decide_pulled(stored, pulled, now);
    };
    // Most of what is pulled is known already.
    constexpr bool is_likely_new = false;
    const protocol::trace_context no_trace;
    co_return co_await write(crud::interface_side::receiver, std::move(key), is_likely_new,
                             std::move(decide_on), no_trace, std::move(through));
}

boost::asio::awaitable<result<bool>> session_writer::keep_preferences(crud::interface_side side,
                                                                      crud::object_key key,
                                                                      std::string preferences,
                                                                      protocol::trace_context trace)
{
    bool takes_them = true;
    decide decide_on = [&preferences,
                        &takes_them](const json::document* stored) -> result<decision> {
        if (!stored) return error(errc::not_found, "there is no such session");
        const auto status = read_stored_head(*stored).status;
        takes_them = !status || !is_over(*status);
        return decide_preferences(*stored, preferences);
    };
    const auto written = co_await write(side, std::move(key), false, std::move(decide_on), trace);
    if (written.has_error()) co_return written.error();
    co_return takes_them;
}

boost::asio::awaitable<result<written_session>> session_writer::write(
    crud::interface_side side, crud::object_key key, bool is_likely_new, decide decide_on,
    protocol::trace_context trace, std::shared_ptr<Crud> through)
{
    auto& store = through ? *through : *crud_;
    const auto name = key.folded();
    const auto lock = co_await writers_.take(name);
    auto base = recent_.find(name);
    const auto guessed = revision_of(base);
    const bool can_guess = base || (is_likely_new && !known_.contains(name));
    auto& guesses = base ? state_guesses_ : absence_guesses_;
    bool is_guess = can_guess && guesses.is_worthwhile();
    bool is_noted = !can_guess;
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
        if (!is_guess) {
            auto fetched = co_await fetch(side, key);
            if (fetched.has_error()) co_return fetched.error();
            base = std::move(*fetched);
            if (!is_noted) guesses.note(revision_of(base) == guessed);
            is_noted = true;
        }
        std::optional<json::document> stored;
        if (base) {
            auto parsed = json::parse(base->json);
            if (parsed.has_error()) co_return damaged_session(parsed.error().text());
            stored = std::move(*parsed);
        }
        auto made = decide_on(stored ? &*stored : nullptr);
        if (is_guess && (made.has_error() || !made->changes)) {
            is_guess = false;
            continue;
        }
        if (made.has_error()) co_return made.error();
        written_session written;
        written.created = !base;
        written.tolerated = std::move(made->tolerated);
        written.changed = made->changes;
        if (!made->changes) co_return written;

        const auto revision = revision_of(base);
        const auto stored_key = base ? base->key : key;
        auto document = document_of(stored_key, std::move(*made));
        const auto outcome = co_await crud::save(store, session_records, side, document, revision);
        if (outcome.has_value()) {
            if (!is_noted) guesses.note(true);
            tell(document, *outcome, trace);
            known_session latest(stored_key, *outcome, std::move(document.json));
            recent_.remember(name, std::move(latest));
            known_.add(name);
            co_return written;
        }
        if (!crud::is_write_conflict(outcome.error())) co_return outcome.error();
        is_guess = false;
    }
    co_return too_many_writers();
}

crud::document session_writer::document_of(crud::object_key key, decision made) const
{
    crud::document document(std::move(key), std::move(made.json), made.last_updated,
                            std::move(made.emsp));
    set_index_values(document, std::move(made.contract), std::move(made.summary), made.settlement,
                     overdue());
    return document;
}

void session_writer::tell(const crud::document& written, crud::revision revision,
                          const protocol::trace_context& trace) const
{
    if (listeners_.empty()) return;
    session_change change(written.key, revision, written.emsp, written.contract,
                          std::make_shared<const std::string>(written.json));
    change.trace = trace;
    change.has_settled = is_settled_rank(written.sort_key);
    for (const auto& listener : listeners_) listener->on_change(change);
}

boost::asio::awaitable<result<std::optional<known_session>>> session_writer::fetch(
    crud::interface_side side, crud::object_key key)
{
    auto stored = co_await reader_.get(side, std::move(key));
    if (stored.has_value()) {
        co_return std::optional<known_session>(known_session(
            std::move(stored->document.key), stored->revision, std::move(stored->document.json)));
    }
    if (stored.error().code() == errc::not_found) co_return std::optional<known_session>();
    co_return stored.error();
}

}  // namespace ocpi::sessions
