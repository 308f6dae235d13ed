#include "crud/postgres/rows.hpp"

#include <libpq-fe.h>
#include <boost/endian/conversion.hpp>

#include <charconv>
#include <stdexcept>

namespace ocpi::crud::postgres {

namespace {

template <class Integer>
std::int64_t load(const char* bytes) noexcept
{
    return boost::endian::endian_load<Integer, sizeof(Integer), boost::endian::order::big>(
        reinterpret_cast<const unsigned char*>(bytes));
}

}  // namespace

rows::rows(pg_result* result) noexcept : result_(result) {}

void rows::clear::operator()(pg_result* result) const noexcept
{
    PQclear(result);
}

int rows::size() const noexcept
{
    return PQntuples(result_.get());
}

bool rows::is_null(int row, int column) const noexcept
{
    return PQgetisnull(result_.get(), row, column) != 0;
}

std::int64_t rows::integer(int row, int column) const
{
    if (is_null(row, column)) return 0;
    const char* bytes = PQgetvalue(result_.get(), row, column);
    switch (PQgetlength(result_.get(), row, column)) {
        case 8: return load<std::int64_t>(bytes);
        case 4: return load<std::int32_t>(bytes);
        case 2: return load<std::int16_t>(bytes);
        case 1: return static_cast<unsigned char>(*bytes);
        default: throw std::logic_error("a column that was read as an integer is none");
    }
}

std::string_view rows::text(int row, int column) const noexcept
{
    return {PQgetvalue(result_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int64_t rows::affected() const
{
    const std::string_view digits = PQcmdTuples(result_.get());
    std::int64_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    return count;
}

}  // namespace ocpi::crud::postgres
