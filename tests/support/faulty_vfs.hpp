#pragma once

#include "tests/support/simulated_disk.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>

struct sqlite3_vfs;

namespace ocpi::test {

/// What SQLite asks of the operating system, by kind.
enum class file_step { open, read, write, truncate, synchronise, remove, map_index };

inline constexpr std::size_t file_step_count = 7;

/// What becomes of a step that fails.
enum class file_fault {
    io_error,     ///< nothing is done
    disk_full,    ///< of a write the first half is done
    short_write,  ///< of a write the first half is done, and an I/O error reported
};

/// A VFS for SQLite over that of the operating system, with steps that fail as planned, and with a
/// simulated disk below it. Registered under its name for as long as it exists, which must be
/// longer than the connections that use it. Thread safe.
class faulty_vfs {
public:
    explicit faulty_vfs(unsigned seed);
    ~faulty_vfs();
    faulty_vfs(const faulty_vfs&) = delete;
    faulty_vfs& operator=(const faulty_vfs&) = delete;

    const std::string& name() const noexcept { return name_; }

    /// The step number `at` (from 1, counted from now) of this kind fails; when it is lasting, all
    /// that follow it as well. Replaces the plan so far.
    void plan(file_step step, std::size_t at, file_fault fault, bool is_lasting = false);
    /// The next synchronisation of that file alone fails. Replaces the plan so far.
    void plan_synchronising(const std::string& path, file_fault fault);
    /// No further step fails.
    void heal();
    /// True when a step has failed since the last plan.
    bool has_failed() const;
    /// How many steps of this kind were made since the last plan.
    std::size_t count(file_step step) const;

    /// How often a file was synchronised again through a descriptor with which that had failed.
    std::size_t retried_synchronisations() const;

    /// What is done from now on does not reach the disk.
    void cut_power();
    /// Makes the files what the disk held when the power was cut. No connection may be open.
    void restore();

    /// For the functions that SQLite calls.
    struct access;

private:
    mutable std::mutex mutex_;
    simulated_disk disk_;
    std::minstd_rand random_;
    std::array<std::size_t, file_step_count> counts_{};
    file_step step_ = file_step::open;
    std::size_t at_ = 0;
    file_fault fault_ = file_fault::io_error;
    bool is_lasting_ = false;
    bool has_failed_ = false;
    /// The file whose synchronisations alone are planned; empty: those of all.
    std::string synchronised_{};
    std::size_t retried_ = 0;
    /// To synchronise a file, by its path.
    std::map<std::string, std::size_t> failures_{};
    bool has_power_ = true;
    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
};

}  // namespace ocpi::test
