-- Whether a wrong proof may have been sent for the mark that a vehicle bears. Nearly no vehicle has one, and every notice locks
-- and reads its vehicle anyway: what is known of wrong proofs, of locks and of guards is looked for where it says so, and at
-- marks that no vehicle bears. What a node of the version before counts meanwhile is put right by the worker.
-- See src/decisions/0006.
alter table vehicle add column proof_was_guessed boolean not null default false;

update vehicle
   set proof_was_guessed = true
 where registration_number in (
           select registration_number from wrong_proof
            union
           select registration_number from proof_lock
            union
           select registration_number from guarded_mark
       );
