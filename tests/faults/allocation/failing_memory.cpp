#include "tests/faults/allocation/failing_memory.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace {

thread_local std::size_t new_countdown = 0;
thread_local bool has_new_failed = false;

std::atomic<std::size_t> sqlite_count{0};
std::atomic<std::size_t> sqlite_at{0};
std::atomic<bool> is_sqlite_lasting{false};
std::atomic<bool> has_sqlite_failed{false};

sqlite3_mem_methods& original()
{
    static sqlite3_mem_methods methods{};
    return methods;
}

bool fails_now() noexcept
{
    const auto at = sqlite_at.load();
    if (at == 0) return false;
    const auto number = ++sqlite_count;
    const bool fails = is_sqlite_lasting ? number >= at : number == at;
    if (fails) has_sqlite_failed = true;
    return fails;
}

}  // namespace

void* operator new(std::size_t size)
{
    if (new_countdown > 0 && --new_countdown == 0) {
        has_new_failed = true;
        throw std::bad_alloc();
    }
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    try {
        return operator new(size);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, const std::nothrow_t&) noexcept
{
    std::free(memory);
}

namespace ocpi::test {

void install_failing_memory()
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &original()) != SQLITE_OK) {
        throw std::runtime_error("SQLite is in use already");
    }
    static sqlite3_mem_methods methods = original();
    methods.xMalloc = [](int size) { return fails_now() ? nullptr : original().xMalloc(size); };
    methods.xRealloc = [](void* memory, int size) {
        return fails_now() ? nullptr : original().xRealloc(memory, size);
    };
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

failing_new::failing_new(std::size_t at) noexcept
{
    has_new_failed = false;
    new_countdown = at;
}

failing_new::~failing_new()
{
    new_countdown = 0;
}

bool failing_new::has_failed() noexcept
{
    return has_new_failed;
}

failing_sqlite_memory::failing_sqlite_memory(std::size_t at, bool is_lasting) noexcept
{
    has_sqlite_failed = false;
    is_sqlite_lasting = is_lasting;
    sqlite_count = 0;
    sqlite_at = at;
}

failing_sqlite_memory::~failing_sqlite_memory()
{
    sqlite_at = 0;
}

bool failing_sqlite_memory::has_failed() noexcept
{
    return has_sqlite_failed;
}

}  // namespace ocpi::test
