#include "crud/sqlite/wal_index.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace ocpi::crud::sqlite {
namespace {

/// One of two copies of the header; behind them stands how many frames have been copied.
constexpr std::size_t index_header_size = 48;
constexpr std::size_t needed = 2 * index_header_size + 4;
constexpr std::uint32_t known_version = 3'007'000;

using start_of_file = std::array<unsigned char, needed>;

/// As this machine writes numbers.
std::uint32_t number_at(const start_of_file& file, std::size_t at)
{
    std::uint32_t number = 0;
    std::memcpy(&number, file.data() + at, sizeof number);
    return number;
}

}  // namespace

std::optional<wal_index> read_wal_index(std::istream& in)
{
    start_of_file file{};
    in.read(reinterpret_cast<char*>(file.data()), static_cast<std::streamsize>(file.size()));
    if (in.gcount() != static_cast<std::streamsize>(file.size())) return {};
    const auto second = file.begin() + index_header_size;
    const bool is_settled = std::equal(file.begin(), second, second);
    const bool is_begun = file[12] != 0;
    if (!is_settled || !is_begun || number_at(file, 0) != known_version) return {};
    wal_index read;
    read.frames = number_at(file, 16);
    std::copy_n(file.begin() + 32, read.salts.size(), read.salts.begin());
    read.frames_copied = number_at(file, 2 * index_header_size);
    return read;
}

}  // namespace ocpi::crud::sqlite
