#include "modules/sessions/snapshot_source.hpp"

#include "modules/sessions/placeholder_readings.hpp"
#include "modules/sessions/session_evse.hpp"

#include <utility>

namespace ocpi::sessions {
namespace {

/// Of a session of some hundred bytes, measured.
constexpr std::size_t memory_of_session = 2 * 1024;
/// The text, its values, and the readings made of them, for each byte of the text.
constexpr std::size_t memory_of_byte = 4;

}  // namespace

snapshot_source::snapshot_source(std::shared_ptr<evse_directory> evses, std::size_t max_bytes)
    : evses_(std::move(evses)), recent_(max_bytes)
{
}

boost::asio::awaitable<result<session_ptr>> snapshot_source::read(const crud::record& record)
{
    auto parsed = parse(record);
    if (parsed.has_error() || (*parsed)->seen.meter.registers.size() < 2) co_return parsed;
    const auto max_kw =
        co_await find_max_power(evses_, (*parsed)->key.owner(), (*parsed)->seen.fields);
    if (!max_kw) co_return parsed;
    const auto checked = std::make_shared<session_snapshot>(**parsed);
    drop_placeholders(checked->seen.meter.registers, *max_kw, checked->seen.notes);
    co_return session_ptr(checked);
}

result<session_ptr> snapshot_source::parse(const crud::record& record)
{
    const auto name = record.document.key.folded();
    auto known = recent_.find(name);
    if (known && (*known)->revision == record.revision) return std::move(*known);
    auto read = read_snapshot(record);
    if (read.has_error()) return read.error();
    auto parsed = std::make_shared<const session_snapshot>(std::move(*read));
    recent_.put(name, parsed, memory_of_session + memory_of_byte * record.document.json.size());
    return session_ptr(std::move(parsed));
}

}  // namespace ocpi::sessions
