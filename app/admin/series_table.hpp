#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace ocpi::app {

/// A set of counters that is looked up for each request by any thread without a lock: series are
/// added and never removed, and there is room for a fixed number of them.
///
/// A Series is made of a Key and has `bool matches(const Key&) const`; a Key has
/// `std::size_t hash() const`.
template <class Series, class Key>
class series_table {
public:
    /// `slots`: a power of two.
    explicit series_table(std::size_t slots) : slots_(slots) {}
    ~series_table()
    {
        for (auto& slot : slots_) delete slot.load();
    }
    series_table(const series_table&) = delete;
    series_table& operator=(const series_table&) = delete;

    /// The series of that key, added if it is new; nullptr when there is no room for it.
    Series* find_or_add(const Key& key) noexcept
    {
        std::unique_ptr<Series> added;
        const auto mask = slots_.size() - 1;
        const auto first = key.hash() & mask;
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            auto& slot = slots_[(first + i) & mask];
            auto* present = slot.load(std::memory_order_acquire);
            if (!present) {
                if (!added) added = make(key);
                if (!added) return nullptr;
                if (slot.compare_exchange_strong(present, added.get(), std::memory_order_acq_rel)) {
                    return added.release();
                }
            }
            if (present->matches(key)) return present;
        }
        return nullptr;
    }

    template <class Function>
    void for_each(Function function) const
    {
        for (const auto& slot : slots_) {
            if (const auto* series = slot.load(std::memory_order_acquire)) function(*series);
        }
    }

private:
    static std::unique_ptr<Series> make(const Key& key) noexcept
    {
        try {
            return std::make_unique<Series>(key);
        } catch (const std::bad_alloc&) {
            return nullptr;
        }
    }

    std::vector<std::atomic<Series*>> slots_;
};

}  // namespace ocpi::app
