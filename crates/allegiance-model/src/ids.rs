//! Dense identifiers: each is an index into one table of the world.

macro_rules! id {
    ($(#[$meta:meta])* $name:ident($inner:ty)) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub struct $name(pub $inner);

        impl $name {
            /// The position of this entity in its table.
            #[inline]
            pub fn idx(self) -> usize {
                self.0 as usize
            }

            /// The identifier of the entity at a position of its table.
            #[inline]
            pub fn from_idx(idx: usize) -> Self {
                Self(idx as $inner)
            }
        }
    };
}

id! {
    /// A populated place, in the order of the scenario's places table.
    PlaceId(u32)
}
id! {
    /// An armed group, in the order of the scenario.
    GroupId(u8)
}
id! {
    /// A kind of armed group, in the order of the scenario.
    KindId(u8)
}
id! {
    /// A constituency: people on whom groups draw, in the order of the scenario.
    ConstituencyId(u8)
}
id! {
    /// One synthetic inhabitant or foreign member. Inhabitants are numbered
    /// through all places in order; foreign members follow after the last one.
    PersonId(u32)
}
id! {
    /// A household, numbered through all places in order.
    HouseholdId(u32)
}
id! {
    /// A clan (extended family), numbered through all places in order.
    ClanId(u32)
}
id! {
    /// A unit: the members who serve together under one commander.
    UnitId(u32)
}
id! {
    /// A row of the table of materialised people (see [`crate`]).
    Row(u32)
}
id! {
    /// An incident, numbered in the order of the true record of one run.
    IncidentId(u32)
}
