#pragma once

#include "crud/postgres/pipeline.hpp"

namespace ocpi::crud::postgres {

/// What is sent up to one Sync, and what has come back.
struct pipeline::group {
    /// An answer that is awaited: of a Parse (with the statement's name) or of an Execute.
    struct step {
        bool is_prepare = false;
        std::size_t command = 0;  // its place in commands
        std::string name;         // of the prepared statement
    };

    std::uint64_t number = 0;
    std::vector<command> commands;
    /// Sent instead of commands, as one text.
    std::string text;
    bool is_text = false;
    bool is_rollback = false;
    /// Its statements are not kept prepared.
    bool is_once = false;
    /// It was sent behind another's whole transaction that has failed, and before its ROLLBACK.
    bool is_behind_failure = false;
    std::vector<step> steps;
    std::size_t position = 0;  // in steps
    std::vector<rows> results;
    std::optional<postgres_error> failure;
    /// Empty for what the pipeline sends on its own.
    std::optional<completion<bool>> done;

    /// A transaction of its own from BEGIN to COMMIT.
    bool is_whole_transaction() const
    {
        return commands.size() > 1 && commands.front().sql.starts_with("BEGIN") &&
               commands.back().sql.starts_with("COMMIT");
    }

    /// The server has refused it for the failure of the transaction before it: no part of it was
    /// run, and it may be sent again.
    bool is_refused_for_another() const
    {
        return is_behind_failure && failure && failure->sqlstate() == "25P02";
    }

    void reset()
    {
        is_behind_failure = false;
        steps.clear();
        position = 0;
        results.clear();
        failure.reset();
    }

    void end()
    {
        if (done) std::exchange(done, std::nullopt).value()(true);
    }
};

}  // namespace ocpi::crud::postgres
