#include "app/log_writer.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace log_writer_test {

using namespace std::chrono_literals;
using ocpi::app::log_writer;

namespace {

struct pipe_ends {
    pipe_ends() { REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0); }
    ~pipe_ends()
    {
        ::close(ends[0]);
        close_write();
    }
    void close_write()
    {
        if (ends[1] >= 0) ::close(ends[1]);
        ends[1] = -1;
    }

    std::string read_some() const
    {
        std::array<char, 65536> part{};
        const auto count = ::read(ends[0], part.data(), part.size());
        return std::string(part.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    std::string read_to_end()
    {
        close_write();
        std::string all;
        for (auto part = read_some(); !part.empty(); part = read_some()) all += part;
        return all;
    }

    std::array<int, 2> ends{-1, -1};
};

std::string describe_loss(std::uint64_t lines)
{
    return "lost " + std::to_string(lines) + "\n";
}

log_writer::limits patient()
{
    log_writer::limits bounds;
    bounds.gather = 1h;
    return bounds;
}

}  // namespace

TEST_CASE("app/log_writer: lines of several threads are written whole, and all of them at the end")
{
    pipe_ends pipe;
    std::string all;
    {
        log_writer writer(pipe.ends[1], describe_loss, patient());
        std::vector<std::thread> threads;
        for (char name = 'a'; name < 'e'; ++name) {
            threads.emplace_back([&writer, name] {
                for (int i = 0; i < 100; ++i) writer.write(std::string(20, name) + "\n", false);
            });
        }
        for (auto& each : threads) each.join();
    }
    all = pipe.read_to_end();
    CHECK(all.size() == 4 * 100 * 21);
    for (std::size_t at = 0; at < all.size(); at += 21) {
        const auto line = all.substr(at, 21);
        CHECK(line == std::string(20, line[0]) + "\n");
    }
}

TEST_CASE("app/log_writer: an urgent line is not held back for others")
{
    pipe_ends pipe;
    log_writer writer(pipe.ends[1], describe_loss, patient());
    writer.write("first\n", false);
    writer.write("urgent\n", true);
    std::string read;
    while (read.find("urgent\n") == std::string::npos) read += pipe.read_some();
    CHECK(read == "first\nurgent\n");
}

TEST_CASE("app/log_writer: a reader that takes nothing holds up no caller and loses the oldest")
{
    pipe_ends pipe;
    auto bounds = patient();
    bounds.buffer = 10'000;
    std::string all;
    std::uint64_t lost = 0;
    {
        log_writer writer(pipe.ends[1], describe_loss, bounds);
        // More than a pipe and the buffer hold.
        for (int i = 0; i < 100'000; ++i) writer.write(std::to_string(i) + "\n", true);
        CHECK(writer.dropped() > 0);
        const auto reading = std::async(std::launch::async, [&] {
            while (all.find("99999\n") == std::string::npos) all += pipe.read_some();
        });
        reading.wait();
        lost = writer.dropped();
    }
    std::uint64_t lines = 0;
    std::uint64_t reported = 0;
    std::size_t at = 0;
    while (at < all.size()) {
        const auto end = all.find('\n', at);
        const auto line = all.substr(at, end - at);
        if (line.starts_with("lost ")) {
            reported += std::stoull(line.substr(5));
        } else {
            ++lines;
        }
        at = end + 1;
    }
    CHECK(reported == lost);
    CHECK(lines + lost == 100'000);
}

TEST_CASE("app/log_writer: the end does not wait for a reader that takes nothing")
{
    pipe_ends pipe;
    auto bounds = patient();
    bounds.patience = 1ms;
    auto writer = std::make_unique<log_writer>(pipe.ends[1], describe_loss, bounds);
    writer->write(std::string(1'000'000, 'x') + "\n", true);
    writer.reset();
    CHECK(pipe.read_some().size() > 0);
}

}  // namespace log_writer_test
