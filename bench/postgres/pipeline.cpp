#include "bench/postgres/pipeline.hpp"

#include <libpq-fe.h>

#include <stdexcept>
#include <utility>

namespace ocpi::bench {
namespace {

constexpr std::uint32_t bytea_type = 17;
constexpr std::uint32_t bigint_type = 20;
constexpr std::uint32_t text_type = 25;

void append_big_endian(std::string& to, std::uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; --i) to += static_cast<char>(value >> (8 * i) & 0xff);
}

std::string big_endian(std::int64_t value)
{
    std::string bytes;
    append_big_endian(bytes, static_cast<std::uint64_t>(value), 8);
    return bytes;
}

}  // namespace

binary_value binary_value::number(std::int64_t value)
{
    return {big_endian(value)};
}

binary_value binary_value::text(std::string_view value)
{
    return {std::string(value)};
}

binary_value binary_value::array(std::uint32_t type, const std::vector<std::string>& values)
{
    binary_value made;
    // Dimensions, no NULL, type, size, index of the first.
    append_big_endian(made.bytes, 1, 4);
    append_big_endian(made.bytes, 0, 4);
    append_big_endian(made.bytes, type, 4);
    append_big_endian(made.bytes, values.size(), 4);
    append_big_endian(made.bytes, 1, 4);
    for (const auto& each : values) {
        append_big_endian(made.bytes, each.size(), 4);
        made.bytes += each;
    }
    return made;
}

binary_value binary_value::numbers(const std::vector<std::int64_t>& values)
{
    std::vector<std::string> texts;
    texts.reserve(values.size());
    for (const auto each : values) texts.push_back(big_endian(each));
    return array(bigint_type, texts);
}

binary_value binary_value::byte_arrays(const std::vector<std::string>& values)
{
    return array(bytea_type, values);
}

binary_value binary_value::texts(const std::vector<std::string>& values)
{
    return array(text_type, values);
}

int result_rows::size() const
{
    return ::PQntuples(result_.get());
}

std::int64_t result_rows::number(int row, int column) const
{
    const auto* bytes =
        reinterpret_cast<const unsigned char*>(::PQgetvalue(result_.get(), row, column));
    const int size = ::PQgetlength(result_.get(), row, column);
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i) value = value << 8 | bytes[i];
    return static_cast<std::int64_t>(value);
}

void result_rows::clear(pg_result* result) noexcept
{
    ::PQclear(result);
}

pipeline::pipeline(const std::string& url) : connection_(::PQconnectdb(url.c_str()))
{
    if (::PQstatus(connection_) == CONNECTION_OK) return;
    const std::string cause = ::PQerrorMessage(connection_);
    ::PQfinish(connection_);
    throw std::runtime_error(cause);
}

pipeline::~pipeline()
{
    ::PQfinish(connection_);
}

void pipeline::execute(const std::string& statements)
{
    auto* result = ::PQexec(connection_, statements.c_str());
    const auto status = ::PQresultStatus(result);
    ::PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        throw std::runtime_error(::PQerrorMessage(connection_));
    }
}

void pipeline::prepare(const std::string& name, const std::string& statement)
{
    auto* result = ::PQprepare(connection_, name.c_str(), statement.c_str(), 0, nullptr);
    const auto status = ::PQresultStatus(result);
    ::PQclear(result);
    if (status != PGRES_COMMAND_OK) throw std::runtime_error(::PQerrorMessage(connection_));
}

void pipeline::add(const std::string& name, const std::vector<binary_value>& values)
{
    if (sent_ == 0 && ::PQenterPipelineMode(connection_) != 1) {
        throw std::runtime_error(::PQerrorMessage(connection_));
    }
    std::vector<const char*> pointers;
    std::vector<int> lengths;
    const std::vector<int> formats(values.size(), 1);
    for (const auto& each : values) {
        pointers.push_back(each.bytes.data());
        lengths.push_back(static_cast<int>(each.bytes.size()));
    }
    if (::PQsendQueryPrepared(connection_, name.c_str(), static_cast<int>(values.size()),
                              pointers.data(), lengths.data(), formats.data(), 1) != 1) {
        throw std::runtime_error(::PQerrorMessage(connection_));
    }
    ++sent_;
}

std::vector<result_rows> pipeline::run()
{
    std::vector<result_rows> all;
    std::string failure;
    ::PQpipelineSync(connection_);
    for (; sent_ > 0; --sent_) {
        auto* result = ::PQgetResult(connection_);
        const auto status = ::PQresultStatus(result);
        if (failure.empty() && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
            failure = ::PQerrorMessage(connection_);
            if (failure.empty()) failure = "the connection is lost";
        }
        all.emplace_back(result);
        while (auto* end = ::PQgetResult(connection_)) ::PQclear(end);
    }
    ::PQclear(::PQgetResult(connection_));  // of the Sync
    ::PQexitPipelineMode(connection_);
    if (!failure.empty()) throw std::runtime_error(failure);
    return all;
}

}  // namespace ocpi::bench
