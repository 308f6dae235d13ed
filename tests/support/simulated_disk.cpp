#include "tests/support/simulated_disk.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ocpi::test {

void simulated_disk::open(const std::string& path)
{
    if (files_.contains(path)) return;
    std::ifstream present(path, std::ios::binary);
    files_[path].durable.assign(std::istreambuf_iterator<char>(present), {});
}

void simulated_disk::write(const std::string& path, std::uint64_t offset, std::string_view bytes)
{
    change made;
    made.offset = offset;
    made.bytes = bytes;
    files_[path].pending.push_back(std::move(made));
}

void simulated_disk::truncate(const std::string& path, std::uint64_t size)
{
    change made;
    made.offset = size;
    made.is_truncation = true;
    files_[path].pending.push_back(std::move(made));
}

void simulated_disk::apply(file& to, const change& each)
{
    const auto begin = static_cast<std::size_t>(each.offset);
    if (each.is_truncation) {
        to.durable.resize(begin);
        return;
    }
    to.durable.resize(std::max(to.durable.size(), begin + each.bytes.size()));
    to.durable.replace(begin, each.bytes.size(), each.bytes);
}

void simulated_disk::synchronise(const std::string& path)
{
    auto& synchronised = files_[path];
    for (const auto& each : synchronised.pending) apply(synchronised, each);
    synchronised.pending.clear();
}

void simulated_disk::fail_to_synchronise(const std::string& path, std::minstd_rand& random)
{
    auto& failed = files_[path];
    for (const auto& each : failed.pending) {
        if (random() % 2 == 0) apply(failed, each);
    }
    failed.pending.clear();
}

void simulated_disk::remove(const std::string& path)
{
    files_.erase(path);
}

void simulated_disk::restore(std::minstd_rand& random)
{
    for (auto& [path, held] : files_) {
        fail_to_synchronise(path, random);
        std::ofstream(path, std::ios::binary | std::ios::trunc) << held.durable;
        std::filesystem::remove(path + "-shm");
    }
}

}  // namespace ocpi::test
