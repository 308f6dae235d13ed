#include "crud/sqlite/wal_file.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace ocpi::crud::sqlite {
namespace {

constexpr std::size_t file_header_size = 32;
constexpr std::size_t frame_header_size = 24;
constexpr std::uint32_t magic = 0x377f0682;

using bytes = std::span<const unsigned char>;

std::uint32_t read_big_endian(bytes from, std::size_t at)
{
    return static_cast<std::uint32_t>(from[at]) << 24U |
           static_cast<std::uint32_t>(from[at + 1]) << 16U |
           static_cast<std::uint32_t>(from[at + 2]) << 8U |
           static_cast<std::uint32_t>(from[at + 3]);
}

/// Over all frames, each beginning with that of the one before.
struct checksum {
    std::uint32_t first = 0;
    std::uint32_t second = 0;

    friend bool operator==(const checksum&, const checksum&) = default;
};

checksum stored_checksum(bytes header, std::size_t at)
{
    return {read_big_endian(header, at), read_big_endian(header, at + 4)};
}

/// Goes on with a number of bytes that eight divides, in words of the log's own byte order.
checksum add(checksum sum, bytes data, bool is_big_endian)
{
    const auto word = [&](std::size_t at) {
        if (is_big_endian) return read_big_endian(data, at);
        const std::array<unsigned char, 4> swapped{data[at + 3], data[at + 2], data[at + 1],
                                                   data[at]};
        return read_big_endian(swapped, 0);
    };
    for (std::size_t at = 0; at + 8 <= data.size(); at += 8) {
        sum.first += word(at) + sum.second;
        sum.second += word(at + 4) + sum.first;
    }
    return sum;
}

bool read_whole(std::istream& in, std::span<unsigned char> into)
{
    in.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
    return in.gcount() == static_cast<std::streamsize>(into.size());
}

bool is_page_size(std::uint32_t size)
{
    return size >= 512 && size <= 65'536 && (size & (size - 1)) == 0;
}

}  // namespace

wal_contents read_wal(std::istream& in)
{
    wal_contents read;
    std::array<unsigned char, file_header_size> header{};
    const bool is_whole = read_whole(in, header);
    read.is_empty = in.gcount() == 0;
    const auto kind = read_big_endian(header, 0);
    const auto page_size = read_big_endian(header, 8);
    const bool is_big_endian = (kind & 1U) != 0;
    if (!is_whole || (kind & ~1U) != magic || !is_page_size(page_size)) return read;
    auto sum = add({}, bytes(header).first(24), is_big_endian);
    if (sum != stored_checksum(header, 24)) return read;
    read.has_header = true;
    std::copy_n(header.begin() + 16, read.salts.size(), read.salts.begin());

    std::vector<unsigned char> frame(frame_header_size + page_size);
    bool is_sound = true;
    while (read_whole(in, frame)) {
        const bytes all(frame);
        // Left from before the log was begun again.
        if (!std::equal(read.salts.begin(), read.salts.end(), all.begin() + 8)) break;
        const auto known = stored_checksum(all, 16);
        sum = add(sum, all.first(8), is_big_endian);
        sum = add(sum, all.subspan(frame_header_size), is_big_endian);
        const bool is_commit = read_big_endian(all, 4) != 0;
        if (is_sound && sum != known) is_sound = false;
        if (is_sound) ++read.sound_frames;
        // Beyond a damage a frame is judged by what the one before it says of itself.
        if (!is_sound && sum == known && is_commit) ++read.commits_beyond;
        sum = known;
    }
    return read;
}

}  // namespace ocpi::crud::sqlite
